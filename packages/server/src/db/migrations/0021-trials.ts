import type { Migration } from "./migration.ts";

/** Trials, on both sides: to whom a ticket for one was given, and which tickets were used. Rows lie by their keys. */
export const trials: Migration = {
  name: "0021-trials",
  loses: {
    en: "who has had a trial: everybody may have one again",
    zh: "哪些成员已试用过：所有人都可再次试用",
  },
  async up({ table, text }) {
    await table(
      "givenTrial",
      (given) =>
        given
          .addColumn("member", text, (column) =>
            column.primaryKey().notNull().references("member.id").onDelete("cascade"),
          )
          .addColumn("blindedHash", text, (column) => column.notNull()),
      { byKey: true },
    );
    await table(
      "spentTrial",
      (spent) =>
        spent
          .addColumn("ticketHash", text, (column) => column.primaryKey().notNull())
          .addColumn("subscription", text, (column) => column.notNull()),
      { byKey: true },
    );
  },
  async down({ change }) {
    for (const table of ["spentTrial", "givenTrial"]) await change.dropTable(table).execute();
  },
};
