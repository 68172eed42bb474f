import type { Migration } from "../migration.ts";

/** Every catalogue of plans that was ever offered. */
export const catalogues: Migration = {
  name: "0018-catalogues",
  loses: { en: "which plans were offered before", zh: "以前提供过哪些方案" },
  async up({ table, text, int64 }) {
    await table("catalogue", (catalogue) =>
      catalogue
        .addColumn("version", int64, (column) => column.primaryKey().notNull())
        .addColumn("text", text, (column) => column.notNull())
        .addColumn("sinceMs", int64, (column) => column.notNull()),
    );
  },
  async down({ change }) {
    await change.dropTable("catalogue").execute();
  },
};
