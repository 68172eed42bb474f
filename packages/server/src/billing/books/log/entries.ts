import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../../db/index.ts";
import { indexOf, seal, unseal } from "../../../keys/sealed.ts";
import type { Secrets } from "../../../keys/secrets.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import type { Bought } from "../../dealing/statements.ts";
import { SEALED, type Books } from "../books.ts";
import type { SubscriptionTable } from "../tables.ts";

/** One entry, and of whose log it is. */
interface EntryOf {
  readonly id: string;
  readonly entry: Entry;
}

/** Writes entries down; what was there already stays. */
export async function insertEntries(
  { secrets }: Pick<Books, "secrets">,
  query: Query,
  entries: readonly EntryOf[],
): Promise<void> {
  if (entries.length === 0) return;
  await query
    .insertInto("subscriptionEntry")
    .values(
      entries.map(({ id, entry }) => ({
        subscription: id,
        entry: causeOf(secrets, id, entry),
        kind: entry.kind,
        day: dayOf(entry.atMs),
        sealed: seal(secrets, SEALED, Buffer.from(JSON.stringify(entry))),
      })),
    )
    .onConflict((conflict) => conflict.columns(["subscription", "entry"]).doNothing())
    .execute();
}

/** All entries of a subscription's log. */
export async function readLog(
  books: Pick<Books, "secrets">,
  query: Query,
  subscription: string,
): Promise<readonly Entry[]> {
  return (await readLogs(books, query, [subscription])).get(subscription) ?? [];
}

/** The same of many. */
export async function readLogs(
  { secrets }: Pick<Books, "secrets">,
  query: Query,
  subscriptions: readonly string[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const rows = await query
    .selectFrom("subscriptionEntry")
    .select(["subscription", "sealed"])
    .where("subscription", "in", subscriptions)
    .execute();
  const logs = new Map<string, Entry[]>();
  for (const { subscription, sealed } of rows) {
    const plain = unseal(secrets, SEALED, sealed);
    if (plain === undefined) throw new KeepsakeError("server.bad-secrets");
    const log = logs.get(subscription) ?? [];
    if (log.push(JSON.parse(Buffer.from(plain).toString()) as Entry) === 1) logs.set(subscription, log);
  }
  return logs;
}

/** What a line of the ledger, or a row of a log, came of; it says nothing of whose it is. */
export function causeOf(secrets: Secrets, subscription: string, { kind, id }: Entry): string {
  return indexOf(secrets, "billing-entry", `${subscription} ${kind} ${id}`);
}

/** What a subscription is of, as long as nothing else was paid for. */
export function boughtOf({ catalogue, plan, period }: SubscriptionTable): Bought {
  return { catalogue, plan, period: period as Bought["period"] };
}
