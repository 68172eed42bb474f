import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../db/index.ts";
import { enqueue } from "../../jobs/index.ts";
import { indexOf, seal } from "../../keys/sealed.ts";
import type { About, Heard, Hint, Known } from "../providers/provider.ts";
import { dayOf } from "../dealing/calendar.ts";
import type { Entry } from "../dealing/deeds.ts";
import type { Bought } from "../dealing/statements.ts";
import { SEALED, type Books } from "./books.ts";
import { boughtOf } from "./log/entries.ts";
import { addEntries, type Kept } from "./log/log.ts";
import type { Account } from "./accounts.ts";
import { knownOf, ownSubscription, providerOf, subscriptionRow } from "./subscriptions.ts";
import type { SubscriptionTable } from "./tables.ts";

/** The kind of jobs that ask a provider how a subscription stands. */
export const LOOK_JOB = "billing-look";

/** Takes a call of a provider: it is verified, and what it is about is looked at soon. Throws `pay.bad-signature`. */
export async function hear(books: Books, provider: string, call: Heard): Promise<Hint["answer"]> {
  const hint = await providerOf(books, provider).hear(call);
  const nowMs = books.clock.now();
  const id = indexOf(books.secrets, "billing-call", `${provider} ${hint.id}`);
  await books.db.transaction(async (query) => {
    const { numInsertedOrUpdatedRows = 0n } = await query
      .insertInto("heardCall")
      .values({ id, day: dayOf(nowMs) })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return;
    for (const about of hint.about) {
      const found = await aboutRow(books, query, provider, about);
      // One that is not ours, or of another server with the same provider.
      if (found?.provider !== provider) continue;
      await keepReference(books, query, found, about.reference);
      await enqueue(query, { kind: LOOK_JOB, key: found.id, payload: { id: found.id }, dueAtMs: nowMs });
    }
  });
  return hint.answer;
}

function aboutRow(
  books: Books,
  query: Query,
  provider: string,
  about: About,
): Promise<SubscriptionTable | undefined> {
  if (about.subscription !== undefined) return subscriptionRow(query, about.subscription);
  return query
    .selectFrom("subscription")
    .selectAll()
    .where("referenceIndex", "=", referenceIndex(books, provider, about.reference))
    .executeTakeFirst();
}

async function keepReference(
  books: Books,
  query: Query,
  { id, provider, referenceIndex: known }: SubscriptionTable,
  reference: string | undefined,
): Promise<void> {
  if (reference === undefined || referenceIndex(books, provider, reference) === known) return;
  await query
    .updateTable("subscription")
    .set(referenceColumns(books, provider, reference))
    .where("id", "=", id)
    .execute();
}

/** What the phone's store gave to the app after a purchase. Throws `pay.bad-signature`, `request.not-found`. */
export async function claim(books: Books, account: Account, id: string, receipt: string): Promise<Kept> {
  const { row } = await ownSubscription(books.db.query, account.id, id);
  const provider = providerOf(books, row.provider);
  if (provider.claim === undefined) throw new KeepsakeError("pay.not-now", { details: { why: "provider" } });
  const about = await provider.claim(receipt);
  // A receipt of somebody else's is theirs.
  const found = await aboutRow(books, books.db.query, row.provider, about);
  if (found !== undefined && found.id !== id) throw new KeepsakeError("request.not-found");
  await keepReference(books, books.db.query, row, about.reference);
  return look(books, id);
}

/** Asks the provider how a subscription stands, and writes down what it says. Throws `pay.provider-away`. */
export async function look(books: Books, id: string): Promise<Kept> {
  const row = await subscriptionRow(books.db.query, id);
  if (row === undefined) throw new KeepsakeError("request.not-found");
  const entries = await askAbout(books, row, await knownOf(books, books.db.query, row));
  return books.db.transaction((query) => addEntries(books, query, id, entries));
}

/** What the provider says of a subscription, for its log. Throws `pay.provider-away`. */
export async function askAbout(
  books: Books,
  row: SubscriptionTable,
  known: Known,
): Promise<readonly Entry[]> {
  const provider = providerOf(books, row.provider);
  const statements = await provider.look(known);
  const { version } = await books.catalogues.current();
  return statements.map((statement): Entry => {
    if (statement.kind !== "paid" || statement.product === undefined) return statement;
    const bought = boughtAs(row, provider.products?.get(statement.product), version);
    return bought === undefined ? statement : { ...statement, bought };
  });
}

/** What a product of a store's is of: on the terms that its holder has, or on those of today where it is another plan. */
function boughtAs(
  row: SubscriptionTable,
  product: Pick<Bought, "plan" | "period"> | undefined,
  version: number,
): Bought | undefined {
  const own = boughtOf(row);
  if (product === undefined) return undefined;
  return product.plan === own.plan && product.period === own.period
    ? own
    : { ...product, catalogue: version };
}

/** What a provider calls a subscription is kept sealed, and found by a hash. */
export function referenceColumns(
  { secrets }: Pick<Books, "secrets">,
  provider: string,
  reference: string,
): Pick<SubscriptionTable, "reference" | "referenceIndex"> {
  if (reference === "") return { reference: null, referenceIndex: "" };
  return {
    reference: seal(secrets, SEALED, Buffer.from(reference)),
    referenceIndex: referenceIndex({ secrets }, provider, reference),
  };
}

function referenceIndex({ secrets }: Pick<Books, "secrets">, provider: string, reference: string): string {
  return indexOf(secrets, "billing-reference", `${provider} ${reference}`);
}
