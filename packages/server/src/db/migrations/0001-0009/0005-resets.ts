import type { Migration } from "../migration.ts";

/** Resets of the password that can still be cancelled; keys that prove a vault; approval of new devices. */
export const resets: Migration = {
  name: "0005-resets",
  loses: {
    en: "resets that can still be taken back, access keys, and approval of new devices",
    zh: "仍可撤销的密码重设、访问密钥和新设备确认设置",
  },
  async up({ table, change, text, int64 }) {
    await table("reset", (reset) =>
      reset
        .addColumn("member", text, (column) =>
          column.primaryKey().notNull().references("member.id").onDelete("cascade"),
        )
        .addColumn("credential", text, (column) => column.notNull())
        .addColumn("record", text, (column) => column.notNull())
        .addColumn("beganMs", int64, (column) => column.notNull())
        .addColumn("untilMs", int64, (column) => column.notNull()),
    );
    await table("accessKey", (key) =>
      key
        .addColumn("id", text, (column) => column.primaryKey().notNull())
        .addColumn("member", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("publicKey", text, (column) => column.notNull())
        .addColumn("kind", text, (column) => column.notNull())
        .addColumn("addedMs", int64, (column) => column.notNull())
        .addUniqueConstraint("accessKey_once", ["member", "publicKey"]),
    );
    await change
      .alterTable("member")
      .addColumn("deviceApproval", int64, (column) => column.notNull().defaultTo(0))
      .execute();
    await change.createIndex("reset_untilMs").on("reset").column("untilMs").execute();
  },
  async down({ change }) {
    await change.alterTable("member").dropColumn("deviceApproval").execute();
    for (const table of ["accessKey", "reset"]) await change.dropTable(table).execute();
  },
};
