import { isDeepStrictEqual } from "node:util";
import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../../db/index.ts";
import { enqueue } from "../../../jobs/index.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Asked, Entry } from "../../dealing/deeds.ts";
import { lookDayAfter } from "../../dealing/renewal.ts";
import { renewalBy, type ProviderName, type Standing } from "../../dealing/statements.ts";
import { subscriptionOf, type Subscription } from "../../dealing/subscription.ts";
import type { Books } from "../books.ts";
import type { SubscriptionTable } from "../tables.ts";
import { boughtOf, insertEntries, readLog, readLogs } from "./entries.ts";
import { creditLines, followingOf, post, type Changed, type Replacing } from "./money.ts";

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
  const [kept] = await addToLogs(books, query, [{ id, entries }]);
  return kept!;
}

/** Entries for the log of a subscription. */
export interface Added {
  readonly id: string;
  readonly entries: readonly Entry[];
}

/** The same for many subscriptions, each of them once. */
export async function addToLogs(books: Books, query: Query, all: readonly Added[]): Promise<readonly Kept[]> {
  const ids = all.map(({ id }) => id);
  const rows = await lockSubscriptions(query, ids);
  const logs = await readLogs(books, query, ids);
  const given = all.map(({ id, entries }): Changed => {
    const [row, before] = [rows.get(id)!, logs.get(id) ?? []];
    return { row, before, fresh: freshOf(row, before, entries) };
  });
  await insertEntries(
    books,
    query,
    given.flatMap(({ row, fresh }) => fresh.map((entry) => ({ id: row.id, entry }))),
  );
  const changed: Changed[] = [];
  const kept: Kept[] = [];
  for (const each of given) {
    if (each.fresh.length === 0 && each.row.entries > 0) {
      kept.push({ row: each.row, subscription: read(each.row) });
      continue;
    }
    const now = await comesTo(books, query, each);
    kept.push(now);
    changed.push({ ...each, row: now.row });
  }
  await writeRows(
    query,
    changed.map(({ row }) => row),
  );
  await follow(books, query, changed);
  return kept;
}

/** Those that are not in the log. How it stands is asked again and again: what says the same is said once. */
function freshOf(row: SubscriptionTable, before: readonly Entry[], entries: readonly Entry[]): Entry[] {
  const known = new Set(before.map(({ kind, id }) => `${kind} ${id}`));
  const stood = before
    .flatMap((entry) => (entry.kind === "standing" ? [entry] : []))
    .toSorted((a, b) => a.atMs - b.atMs)
    .at(-1);
  return entries.flatMap((entry) => {
    const key = `${entry.kind} ${entry.id}`;
    if (known.has(key)) return [];
    if (entry.kind === "standing" && stood !== undefined && saysSame(entry, stood)) return [];
    known.add(key);
    return [named(entry, row)];
  });
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

/** Others who want to change it wait. Throws `request.not-found`. */
export async function lockSubscription(query: Query, id: string): Promise<SubscriptionTable> {
  return (await lockSubscriptions(query, [id])).get(id)!;
}

async function lockSubscriptions(
  query: Query,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionTable>> {
  const rows = await query
    .selectFrom("subscription")
    .selectAll()
    .where("id", "in", ids)
    .orderBy("id")
    .forUpdate()
    .execute();
  if (rows.length < new Set(ids).size) throw new KeepsakeError("request.not-found");
  return new Map(rows.map((row) => [row.id, row]));
}

/** What a log comes to, and the subscription's row with it. */
async function comesTo(
  { catalogues, clock }: Books,
  query: Query,
  { row, before, fresh }: Changed,
): Promise<Kept> {
  const log = [...before, ...fresh];
  const { graceDays } = (await catalogues.ofVersion(row.catalogue, query))?.lapse ?? catalogues.known().lapse;
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
  return { row: { ...row, ...values }, subscription };
}

/** Rows that are locked and changed, all in one statement. */
async function writeRows(query: Query, rows: readonly SubscriptionTable[]): Promise<void> {
  if (rows.length === 0) return;
  await query
    .insertInto("subscription")
    .values(rows)
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({
        catalogue: row.ref("excluded.catalogue"),
        plan: row.ref("excluded.plan"),
        period: row.ref("excluded.period"),
        untilDay: row.ref("excluded.untilDay"),
        text: row.ref("excluded.text"),
        entries: row.ref("excluded.entries"),
        lookDay: row.ref("excluded.lookDay"),
      })),
    )
    .execute();
}

/** What new entries bring about elsewhere in the books. */
async function follow(books: Books, query: Query, changed: readonly Changed[]): Promise<void> {
  const { lines, paidCharges, replacing } = followingOf(books.secrets, changed);
  await post(query, lines);
  if (paidCharges.length > 0)
    await query.updateTable("charge").set({ state: "paid" }).where("name", "in", paidCharges).execute();
  for (const each of replacing) await replace(books, query, each);
}

/** The subscription that another one took the place of ends; what it was worth is the other's. */
async function replace(books: Books, query: Query, replacing: Replacing): Promise<void> {
  const { row, atMs } = replacing;
  const { row: old } = await addEntries(books, query, row.replaces, [
    { kind: "replaced", id: `replaced by ${row.id}`, atMs, by: row.id },
  ]);
  await post(query, creditLines(replacing, old));
  await enqueue(query, { kind: STOP_JOB, key: old.id, payload: { id: old.id }, dueAtMs: books.clock.now() });
}
