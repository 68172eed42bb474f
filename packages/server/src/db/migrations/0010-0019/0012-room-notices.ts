import type { Migration } from "../migration.ts";

/** What a member was told of how full the room is. */
export const roomNotices: Migration = {
  name: "0012-room-notices",
  loses: { en: "who was told that room is short: they are told again", zh: "空间不足的提醒记录，会再次提醒" },
  async up({ change, int64 }) {
    for (const name of ["roomStep", "roomRefused"])
      await change
        .alterTable("member")
        .addColumn(name, int64, (column) => column.notNull().defaultTo(0))
        .execute();
  },
  async down({ change }) {
    for (const name of ["roomStep", "roomRefused"])
      await change.alterTable("member").dropColumn(name).execute();
  },
};
