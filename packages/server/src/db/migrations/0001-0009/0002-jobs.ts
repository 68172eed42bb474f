import type { Migration } from "../migration.ts";

/** Work that is done later, or again and again. */
export const jobs: Migration = {
  name: "0002-jobs",
  loses: { en: "jobs that wait, mails to be sent among them", zh: "等待中的任务，包括待发送的邮件" },
  async up({ table, change, text, int64 }) {
    await table("job", (made) =>
      made
        .addColumn("id", text, (column) => column.primaryKey())
        .addColumn("kind", text, (column) => column.notNull())
        .addColumn("key", text)
        .addColumn("payload", text, (column) => column.notNull())
        .addColumn("dueAtMs", int64)
        .addColumn("againAtMs", int64)
        .addColumn("tries", int64, (column) => column.notNull())
        .addColumn("madeAtMs", int64, (column) => column.notNull())
        .addColumn("lastError", text)
        .addUniqueConstraint("job_once", ["kind", "key"]),
    );
    await change.createIndex("job_due").on("job").columns(["dueAtMs", "id"]).execute();
  },
  async down({ change }) {
    await change.dropTable("job").execute();
  },
};
