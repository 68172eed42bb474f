import { isDeepStrictEqual } from "node:util";
import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../db/index.ts";
import { enqueue } from "../../jobs/index.ts";
import { indexOf, seal, unseal } from "../../keys/sealed.ts";
import { dayOf } from "../dealing/calendar.ts";
import type { Asked, Entry, Returned } from "../dealing/deeds.ts";
import { creditPostings, paidPostings, refundPostings, type Posting } from "../dealing/postings.ts";
import { lookDayAfter } from "../dealing/renewal.ts";
import { renewalBy, type Bought, type ProviderName, type Standing } from "../dealing/statements.ts";
import { subscriptionOf, type Subscription } from "../dealing/subscription.ts";
import { SEALED, type Books } from "./books.ts";
import type { SubscriptionTable } from "./tables.ts";

/** The kind of jobs that end the renewal of a subscription at its provider. */
export const STOP_JOB = "billing-stop";

/** A subscription as the books have it, and what its log comes to. */
export interface Kept {
  readonly row: SubscriptionTable;
  readonly subscription: Subscription;
}

/** What a log comes to, as it is written down. */
export function read(row: Pick<SubscriptionTable, "text">): Subscription {
  return JSON.parse(row.text) as Subscription;
}

/**
 * Adds entries to the log of a subscription, as a part of a transaction, and writes down what follows: what the log
 * comes to now, the lines of the ledger, which charges are paid. What was there already changes nothing.
 */
export async function addEntries(
  books: Books,
  query: Query,
  id: string,
  entries: readonly Entry[],
): Promise<Kept> {
  const row = await lockSubscription(query, id);
  const known = await lastStanding(books, query, { id, entries });
  const fresh: Entry[] = [];
  for (const given of entries) {
    // How it stands is asked again and again: what says the same is said once.
    if (given.kind === "standing" && known !== undefined && saysSame(given, known)) continue;
    const entry = named(given, row);
    if ((await insertEntries(books, query, [{ id, entry }])) > 0) fresh.push(entry);
  }
  if (fresh.length === 0 && row.entries > 0) return { row, subscription: read(row) };
  const log = await readLog(books, query, id);
  const kept = await writeDown(books, query, { row, log });
  await follow(books, query, { ...kept, log, fresh });
  return kept;
}

/**
 * Adds a choice of the holder's: it counts after all of its kind that were made before, whatever the clock said then.
 */
export async function addChoice(
  books: Books,
  query: Query,
  id: string,
  choice: Extract<Entry, { kind: "renewal" | "next" }>,
): Promise<Kept> {
  const before = (await readLog(books, query, id)).filter(({ kind }) => kind === choice.kind);
  const atMs = Math.max(choice.atMs, ...before.map((entry) => entry.atMs + 1));
  return addEntries(books, query, id, [{ ...choice, atMs }]);
}

/** How it stood when it was asked last; undefined where nothing new says how it stands. */
async function lastStanding(
  books: Books,
  query: Query,
  { id, entries }: { readonly id: string; readonly entries: readonly Entry[] },
): Promise<Standing | undefined> {
  if (!entries.some(({ kind }) => kind === "standing")) return undefined;
  const log = await readLog(books, query, id);
  return log
    .flatMap((entry) => (entry.kind === "standing" ? [entry] : []))
    .toSorted((a, b) => a.atMs - b.atMs)
    .at(-1);
}

function saysSame(
  { id: _id, atMs, ...said }: Standing,
  { id: _known, atMs: knownMs, ...known }: Standing,
): boolean {
  return atMs >= knownMs && isDeepStrictEqual(said, known);
}

/** What a provider charged by itself, without saying for what, is for what is bought at this time. */
function named(entry: Entry, row: SubscriptionTable): Entry {
  if (entry.kind !== "paid" || entry.bought !== undefined || entry.charge.startsWith(`${row.id}-`))
    return entry;
  return { ...entry, bought: boughtOf(row) };
}

/** A charge that is asked for of a subscription, and when that is looked at again. */
export interface AskedOf {
  readonly id: string;
  readonly asked: Asked;
  readonly lookDay: number;
}

/**
 * Adds to the logs what charges ask for, of subscriptions that the transaction has locked. Until they are paid, nothing
 * follows from it.
 */
export async function addAsked(books: Books, query: Query, all: readonly AskedOf[]): Promise<void> {
  await insertEntries(
    books,
    query,
    all.map(({ id, asked: entry }) => ({ id, entry })),
  );
  for (const [lookDay, same] of Map.groupBy(all, (each) => each.lookDay))
    await query
      .updateTable("subscription")
      .set((row) => ({ entries: row("entries", "+", 1), lookDay }))
      .where(
        "id",
        "in",
        same.map(({ id }) => id),
      )
      .execute();
}

/** All entries of a subscription's log. */
export async function readLog(
  { secrets }: Pick<Books, "secrets">,
  query: Query,
  subscription: string,
): Promise<readonly Entry[]> {
  const rows = await query
    .selectFrom("subscriptionEntry")
    .select("sealed")
    .where("subscription", "=", subscription)
    .execute();
  return rows.map(({ sealed }) => {
    const plain = unseal(secrets, SEALED, sealed);
    if (plain === undefined) throw new KeepsakeError("server.bad-secrets");
    return JSON.parse(Buffer.from(plain).toString()) as Entry;
  });
}

/** Others who want to change it wait. Throws `request.not-found`. */
export async function lockSubscription(query: Query, id: string): Promise<SubscriptionTable> {
  const row = await query
    .updateTable("subscription")
    .set({ id })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new KeepsakeError("request.not-found");
  return row;
}

/** Gives how many were not there before. */
async function insertEntries(
  { secrets }: Books,
  query: Query,
  entries: readonly { readonly id: string; readonly entry: Entry }[],
): Promise<number> {
  const { numInsertedOrUpdatedRows = 0n } = await query
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
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows);
}

function causeOf(secrets: Books["secrets"], subscription: string, { kind, id }: Entry): string {
  return indexOf(secrets, "billing-entry", `${subscription} ${kind} ${id}`);
}

/** What a log comes to goes into the subscription's row. */
async function writeDown(
  { catalogues, clock }: Books,
  query: Query,
  { row, log }: { readonly row: SubscriptionTable; readonly log: readonly Entry[] },
): Promise<Kept> {
  const { graceDays } =
    (await catalogues.ofVersion(row.catalogue, query))?.lapse ?? (await catalogues.current()).lapse;
  const subscription = subscriptionOf(
    { bought: boughtOf(row), renewal: renewalBy[row.provider as ProviderName], graceDays },
    log,
  );
  const values = {
    ...subscription.bought,
    untilDay: subscription.untilDay,
    text: JSON.stringify(subscription),
    entries: log.length,
    lookDay: lookDayAfter(subscription, dayOf(clock.now()), row.sinceDay),
  };
  await query.updateTable("subscription").set(values).where("id", "=", row.id).execute();
  return { row: { ...row, ...values }, subscription };
}

interface Followed extends Kept {
  readonly log: readonly Entry[];
  readonly fresh: readonly Entry[];
}

/** What new entries bring about elsewhere in the books. */
async function follow(books: Books, query: Query, followed: Followed): Promise<void> {
  const { log, fresh } = followed;
  const asked = new Map(log.flatMap((entry) => (entry.kind === "asked" ? [[entry.charge, entry]] : [])));
  const paid = new Map(log.flatMap((entry) => (entry.kind === "paid" ? [[entry.charge, entry]] : [])));
  const touched = new Set(fresh.flatMap((entry) => (isMoney(entry) ? [entry.charge] : [])));
  // A refund may be heard of before what it pays back: all of a charge is posted anew, and what stands there stays.
  for (const entry of log) {
    if (!isMoney(entry) || !touched.has(entry.charge)) continue;
    const payment = paid.get(entry.charge);
    if (payment !== undefined)
      await followMoney(books, query, { ...followed, entry, payment, asked: asked.get(entry.charge) });
  }
  for (const entry of fresh)
    if (entry.kind === "returned")
      await followReturn(books, query, { ...followed, entry, asked: asked.get(entry.charge) });
}

async function followMoney(
  books: Books,
  query: Query,
  {
    row,
    entry,
    payment,
    asked,
  }: Followed & { readonly entry: Money; readonly payment: Paid; readonly asked: Asked | undefined },
): Promise<void> {
  const provider = row.provider as ProviderName;
  const { bought = boughtOf(row), storeFeeMinor = 0, creditMinor = 0 } = asked ?? {};
  const { amountMinor, currency } = payment;
  const term = { bought: payment.bought ?? bought, amountMinor, storeFeeMinor };
  const posted = { cause: causeOf(books.secrets, row.id, entry), currency };
  if (entry.kind === "refunded") {
    const postings = refundPostings(provider, term, entry.amountMinor);
    return post(query, row, entry.atMs, { ...posted, postings });
  }
  await post(query, row, entry.atMs, { ...posted, postings: paidPostings(provider, term) });
  await query.updateTable("charge").set({ state: "paid" }).where("name", "=", entry.charge).execute();
  if (row.replaces !== "") await replace(books, query, { row, atMs: entry.atMs, creditMinor, posted });
}

/** What an earlier plan's worth paid for is that plan's again, to be paid back there. */
async function followReturn(
  books: Books,
  query: Query,
  { row, entry, asked }: Followed & { readonly entry: Returned; readonly asked: Asked | undefined },
): Promise<void> {
  const { atMs, amountMinor, currency, plan } = entry;
  const postings = creditPostings(asked?.bought.plan ?? row.plan, plan, amountMinor);
  await post(query, row, atMs, { cause: causeOf(books.secrets, row.id, entry), currency, postings });
}

type Money = Extract<Entry, { kind: "paid" | "refunded" }>;
type Paid = Extract<Entry, { kind: "paid" }>;

function isMoney(entry: Entry): entry is Money {
  return entry.kind === "paid" || entry.kind === "refunded";
}

/** What a subscription is of, as long as nothing else was paid for. */
export function boughtOf({ catalogue, plan, period }: SubscriptionTable): Bought {
  return { catalogue, plan, period: period as Bought["period"] };
}

/** The subscription that another one took the place of ends; what it was worth is the other's. */
async function replace(
  books: Books,
  query: Query,
  given: {
    readonly row: SubscriptionTable;
    readonly atMs: number;
    readonly creditMinor: number;
    readonly posted: { readonly cause: string; readonly currency: string };
  },
): Promise<void> {
  const { row, atMs, creditMinor, posted } = given;
  const { row: old } = await addEntries(books, query, row.replaces, [
    { kind: "replaced", id: `replaced by ${row.id}`, atMs, by: row.id },
  ]);
  const postings = creditPostings(old.plan, row.plan, creditMinor);
  await post(query, row, atMs, { ...posted, cause: `${posted.cause} credit`, postings });
  await enqueue(query, { kind: STOP_JOB, key: old.id, payload: { id: old.id }, dueAtMs: books.clock.now() });
}

async function post(
  query: Query,
  { id }: SubscriptionTable,
  atMs: number,
  { cause, currency, postings }: { cause: string; currency: string; postings: readonly Posting[] },
): Promise<void> {
  for (const { account, amountMinor } of postings)
    await query
      .insertInto("ledger")
      .values({ day: dayOf(atMs), cause, account, amountMinor, currency, subscription: id })
      .onConflict((conflict) => conflict.columns(["cause", "account"]).doNothing())
      .execute();
}
