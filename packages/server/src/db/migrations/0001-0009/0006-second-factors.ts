import type { Migration } from "../migration.ts";

/** The second factor of a login by password, and how often something was tried. */
export const secondFactors: Migration = {
  name: "0006-second-factors",
  loses: { en: "second factors of logins, and the count of tries", zh: "登录的两步验证和尝试次数" },
  async up({ table, change, text, int64, bytes }) {
    await table("totp", (totp) =>
      totp
        .addColumn("member", text, (column) =>
          column.primaryKey().notNull().references("member.id").onDelete("cascade"),
        )
        .addColumn("sealed", bytes, (column) => column.notNull())
        .addColumn("lastStep", int64, (column) => column.notNull())
        .addColumn("addedMs", int64, (column) => column.notNull()),
    );
    await table("try", (tried) =>
      tried
        .addColumn("id", text, (column) => column.primaryKey().notNull())
        .addColumn("count", int64, (column) => column.notNull())
        .addColumn("lastMs", int64, (column) => column.notNull())
        .addColumn("freeMs", int64, (column) => column.notNull()),
    );
    await change.createIndex("try_lastMs").on("try").column("lastMs").execute();
  },
  async down({ change }) {
    for (const table of ["try", "totp"]) await change.dropTable(table).execute();
  },
};
