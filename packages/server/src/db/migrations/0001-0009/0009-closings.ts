import type { Migration } from "../migration.ts";

/** Memberships that are being ended, and the receipts of those that are gone. */
export const closings: Migration = {
  name: "0009-closings",
  loses: {
    en: "memberships that are being ended, and receipts of those that are gone",
    zh: "正在注销的成员及已注销成员的删除回执",
  },
  async up({ table, text, int64 }) {
    await table("closing", (closing) =>
      ["receipt", "by", "state"]
        .reduce(
          (made, name) => made.addColumn(name, text, (column) => column.notNull()),
          closing.addColumn("member", text, (column) =>
            column.primaryKey().notNull().references("member.id").onDelete("cascade"),
          ),
        )
        .addColumn("beganMs", int64, (column) => column.notNull())
        .addColumn("waitedMs", int64, (column) => column.notNull())
        .addColumn("tickedMs", int64, (column) => column.notNull())
        .addColumn("notices", int64, (column) => column.notNull())
        .addColumn("vaults", int64, (column) => column.notNull())
        .addColumn("objects", int64, (column) => column.notNull())
        .addColumn("bytes", int64, (column) => column.notNull()),
    );
    const numbers = ["vaults", "objects", "bytes", "events", "beganMs", "endedMs", "backupDays"];
    await table("deletion", (deletion) =>
      numbers
        .reduce(
          (made, name) => made.addColumn(name, int64, (column) => column.notNull()),
          deletion.addColumn("receipt", text, (column) => column.primaryKey().notNull()),
        )
        // No reference: the member is gone.
        .addColumn("member", text, (column) => column.notNull())
        .addColumn("eventHash", text, (column) => column.notNull())
        .addColumn("signature", text, (column) => column.notNull()),
    );
  },
  async down({ change }) {
    for (const table of ["deletion", "closing"]) await change.dropTable(table).execute();
  },
};
