import type { Migration } from "./migration.ts";

/** How much of a charge is to be paid back, and since when. */
export const refunds: Migration = {
  name: "0023-refunds",
  loses: {
    en: "how much of each charge is to be paid back, where it was not yet",
    zh: "尚未退回的款项中每笔应退多少",
  },
  async up({ change, int64 }) {
    for (const column of columns)
      await change
        .alterTable("charge")
        .addColumn(column, int64, (made) => made.notNull().defaultTo(0))
        .execute();
  },
  async down({ change }) {
    for (const column of columns) await change.alterTable("charge").dropColumn(column).execute();
  },
};

const columns = ["refundMinor", "refundDay"];
