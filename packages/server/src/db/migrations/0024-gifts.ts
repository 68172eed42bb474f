import type { Migration } from "./migration.ts";

/** Plans that are bought for somebody else, and the codes by which they are handed on. */
export const gifts: Migration = {
  name: "0024-gifts",
  loses: {
    en: "which plans were bought as gifts: whoever bought one has it then, and its code still holds",
    zh: "哪些方案是作为礼物购买的：购买者将自己拥有该方案，兑换码仍然有效",
  },
  async up({ change, text, int64 }) {
    await change
      .alterTable("subscription")
      .addColumn("isGift", int64, (made) => made.notNull().defaultTo(0))
      .execute();
    await change.alterTable("giftCode").addColumn("gift", text).execute();
    await change.createIndex("giftCodeByGift").unique().on("giftCode").column("gift").execute();
  },
  async down({ change }) {
    await change.dropIndex("giftCodeByGift").execute();
    await change.alterTable("giftCode").dropColumn("gift").execute();
    await change.alterTable("subscription").dropColumn("isGift").execute();
  },
};
