import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../db/index.ts";
import { unseal } from "../../keys/sealed.ts";
import type { Known, Provider } from "../providers/provider.ts";
import { startOf } from "../dealing/calendar.ts";
import type { ProviderName } from "../dealing/statements.ts";
import { SEALED, type Books } from "./books.ts";
import { read, type Kept } from "./log/log.ts";
import type { SubscriptionTable } from "./tables.ts";

/** All subscriptions of an account, the newest first. */
export async function subscriptionsOf(query: Query, account: string): Promise<readonly Kept[]> {
  const rows = await query
    .selectFrom("subscription")
    .selectAll()
    .where("account", "=", account)
    .orderBy("sinceDay", "desc")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ row, subscription: read(row) }));
}

/** One of an account's own. Throws `request.not-found`. */
export async function ownSubscription(query: Query, account: string, id: string): Promise<Kept> {
  const row = await subscriptionRow(query, id);
  if (row?.account !== account) throw new KeepsakeError("request.not-found");
  return { row, subscription: read(row) };
}

/** One of an account's own that it has for itself. Throws `request.not-found`, and `pay.not-now` for a gift. */
export async function heldSubscription(query: Query, account: string, id: string): Promise<Kept> {
  const kept = await ownSubscription(query, account, id);
  if (kept.row.isGift === 1) throw new KeepsakeError("pay.not-now", { details: { why: "gift" } });
  return kept;
}

export function subscriptionRow(query: Query, id: string): Promise<SubscriptionTable | undefined> {
  return query.selectFrom("subscription").selectAll().where("id", "=", id).executeTakeFirst();
}

/** A subscription as its provider knows it. */
export async function knownOf(
  books: Pick<Books, "secrets">,
  query: Query,
  row: SubscriptionTable,
): Promise<Known> {
  return (await allKnown(books, query, [row]))(row);
}

/** The same for each of many. */
export async function allKnown(
  { secrets }: Pick<Books, "secrets">,
  query: Query,
  rows: readonly SubscriptionTable[],
): Promise<(row: SubscriptionTable) => Known> {
  const charges = await query
    .selectFrom("charge")
    .select(["subscription", "name", "refund"])
    .where(
      "subscription",
      "in",
      rows.map(({ id }) => id),
    )
    .execute();
  const bySubscription = Map.groupBy(charges, ({ subscription }) => subscription);
  return ({ id, reference: sealed, sinceDay }) => {
    const reference = sealed === null ? undefined : unseal(secrets, SEALED, sealed);
    const own = bySubscription.get(id) ?? [];
    own.sort((a, b) => chargeNumber(a.name) - chargeNumber(b.name));
    return {
      subscription: id,
      reference: reference === undefined ? "" : Buffer.from(reference).toString(),
      sinceMs: startOf(sinceDay),
      charges: own.map(({ name }) => name),
      refunds: own.flatMap(({ name, refund }) => (refund === "" ? [] : [{ refund, charge: name }])),
    };
  };
}

/** Which charge of its subscription it is, from 1. */
export function chargeNumber(name: string): number {
  return Number(name.slice(name.indexOf("-") + 1));
}

/** The provider of a name. Throws `pay.no-provider` where it is not set up, or no longer. */
export function providerOf({ providers }: Pick<Books, "providers">, name: string): Provider {
  const provider = providers.get(name as ProviderName);
  if (provider === undefined) throw new KeepsakeError("pay.no-provider", { details: { provider: name } });
  return provider;
}
