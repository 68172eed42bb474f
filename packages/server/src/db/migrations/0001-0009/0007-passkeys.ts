import type { Migration } from "../migration.ts";

/** Passkeys that log members in. */
export const passkeys: Migration = {
  name: "0007-passkeys",
  loses: { en: "passkeys", zh: "通行密钥" },
  async up({ table, change, text, int64, bytes }) {
    await table("passkey", (passkey) =>
      passkey
        .addColumn("id", text, (column) => column.primaryKey().notNull())
        .addColumn("member", text, (column) => column.notNull().references("member.id").onDelete("cascade"))
        .addColumn("publicKey", bytes, (column) => column.notNull())
        .addColumn("counter", int64, (column) => column.notNull())
        .addColumn("addedMs", int64, (column) => column.notNull())
        .addColumn("usedMs", int64, (column) => column.notNull()),
    );
    await change.createIndex("passkey_member").on("passkey").column("member").execute();
  },
  async down({ change }) {
    await change.dropTable("passkey").execute();
  },
};
