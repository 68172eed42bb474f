import type { Migration } from "../migration.ts";

const columns = [
  ["session", "fullFromMs"],
  ["session", "seenMs"],
  ["notice", "doneMs"],
] as const;

/** By what sweeps find sessions and notices among those of all members. */
export const sweeps: Migration = {
  name: "0016-sweeps",
  loses: { en: "nothing", zh: "无" },
  async up({ change }) {
    for (const [table, column] of columns)
      await change.createIndex(`${table}_${column}`).on(table).column(column).execute();
  },
  async down({ change }) {
    for (const [table, column] of columns) await change.dropIndex(`${table}_${column}`).execute();
  },
};
