import type { Migration } from "../migration.ts";

/** Tokens under which the keys of vaults are wrapped. */
export const keyTokens: Migration = {
  name: "0013-key-tokens",
  loses: {
    en: "key tokens, without which vaults open from other copies alone",
    zh: "密钥令牌（之后只能从其他副本打开保险库）",
  },
  async up({ table, change, text, int64, bytes }) {
    await table("keyToken", (token) =>
      token
        .addColumn("vault", text, (column) => column.notNull().references("vault.id").onDelete("cascade"))
        .addColumn("name", text, (column) => column.notNull())
        .addColumn("day", text, (column) => column.notNull())
        .addColumn("sealed", bytes, (column) => column.notNull())
        .addColumn("untilMs", int64)
        .addPrimaryKeyConstraint("keyTokenKey", ["vault", "name"]),
    );
    await change.createIndex("keyToken_until").on("keyToken").column("untilMs").execute();
    await change.createIndex("keyToken_day").on("keyToken").column("day").execute();
  },
  async down({ change }) {
    await change.dropTable("keyToken").execute();
  },
};
