import type { Query } from "../../../db/index.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Bought } from "../../dealing/statements.ts";
import type { Account } from "../accounts.ts";
import type { ChargeTable, SubscriptionTable } from "../tables.ts";

/** Writes down a subscription of which nothing is known yet but what it is to be. */
export async function insertSubscription(
  query: Query,
  given: {
    readonly id: string;
    readonly account: Account;
    readonly by: Pick<SubscriptionTable, "provider" | "channel" | "replaces">;
    readonly bought: Bought;
    readonly nowMs: number;
    readonly isGift?: boolean;
  },
): Promise<void> {
  const { id, account, by, bought, nowMs, isGift = false } = given;
  await query
    .insertInto("subscription")
    .values({
      id,
      account: account.id,
      ...by,
      referenceIndex: "",
      reference: null,
      ...bought,
      sinceDay: dayOf(nowMs),
      untilDay: 0,
      text: "{}",
      entries: 0,
      lookDay: null,
      isGift: isGift ? 1 : 0,
    })
    .execute();
}

/** Writes down the first charge of a subscription, which nobody has paid yet. */
export async function insertCharge(
  query: Query,
  charge: Pick<ChargeTable, "name" | "subscription" | "amountMinor" | "currency" | "dueDay">,
): Promise<void> {
  await query
    .insertInto("charge")
    .values({
      ...charge,
      state: "open",
      tried: "[]",
      announcedDay: 0,
      refund: "",
      refundMinor: 0,
      refundDay: 0,
    })
    .execute();
}
