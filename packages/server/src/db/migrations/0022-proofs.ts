import type { Migration } from "./migration.ts";

/** Codes for who has shown that they may pay less. */
export const proofs: Migration = {
  name: "0022-proofs",
  loses: {
    en: "codes for reductions that were not used yet",
    zh: "尚未使用的优惠证明码",
  },
  async up({ change, table, text, int64 }) {
    await table("proofCode", (proof) =>
      proof
        .addColumn("codeHash", text, (column) => column.primaryKey().notNull())
        .addColumn("batch", text, (column) => column.notNull())
        .addColumn("reduction", text, (column) => column.notNull())
        .addColumn("untilDay", int64, (column) => column.notNull())
        .addColumn("usedBy", text, (column) => column.notNull()),
    );
    await change.createIndex("proofCodeByBatch").on("proofCode").column("batch").execute();
  },
  async down({ change }) {
    await change.dropTable("proofCode").execute();
  },
};
