import type { HistoryOptions } from "../../../packages/core/testing/history/index.ts";
import { roamingLadder, standardCatalogue, type Catalogue } from "../../../packages/core/src/plans/index.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A history of the last 90 days: more than the first steps of the ladder reach back. */
export function ladderHistory(): HistoryOptions {
  return {
    seed: "window",
    messages: 300,
    chats: 3,
    attachmentBytes: 30_000,
    startMs: Date.now() - 90 * DAY_MS,
    endMs: Date.now() - DAY_MS,
  };
}

/** More than any step of the ladder, so that there is always something left to pay. */
const price = { priceMinor: 3_000, storeFeeMinor: 0 };

/** The ladder, with one chat for ever on its second step, and a plan without a window at its end. */
export const ladder: Catalogue = {
  ...roamingLadder,
  version: 2,
  addOns: standardCatalogue.addOns,
  plans: [
    ...roamingLadder.plans.map((plan) =>
      plan.id === "days-30"
        ? { ...plan, room: { ...plan.room, window: { days: 30, chatsForEver: 1 } } }
        : plan,
    ),
    {
      ...roamingLadder.plans[1]!,
      id: "all",
      name: { zh: "100 GB", en: "100 GB" },
      offers: [{ period: "month", prices: { web: price, iphone: price, android: price, other: price } }],
      room: { ...roamingLadder.plans[1]!.room, window: "all" },
    },
  ],
};
