import type { Migration } from "../migration.ts";

/** What a database says of the server that it belongs to. */
export const facts: Migration = {
  name: "0010-facts",
  loses: { en: "which objects and secrets are this server's", zh: "哪些对象和密钥属于本服务器" },
  async up({ table, change, text }) {
    await table("fact", (fact) =>
      fact
        .addColumn("name", text, (column) => column.primaryKey().notNull())
        .addColumn("value", text, (column) => column.notNull()),
    );
    await change.createIndex("trashByBlob").on("trash").column("blob").execute();
  },
  async down({ change }) {
    await change.dropIndex("trashByBlob").execute();
    await change.dropTable("fact").execute();
  },
};
