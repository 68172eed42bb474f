import { roamingLadder, standardCatalogue, type Catalogue } from "../../../packages/core/src/plans/index.ts";

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
      offers: roamingLadder.plans[2]!.offers,
      room: { ...roamingLadder.plans[1]!.room, window: "all" },
    },
  ],
};
