import { mapBounded, throwIfAborted } from "@keepsake/core/base";
import { sql } from "kysely";
import { dayOf } from "../../dealing/calendar.ts";
import { sweepIssues } from "../../tickets/issue.ts";
import type { Books } from "../books.ts";
import { read, type Kept } from "../log/log.ts";
import type { SubscriptionTable } from "../tables.ts";
import { announceAll, chargeAll } from "./charging.ts";
import { turn } from "./charges.ts";
import { dueOf } from "./due.ts";
import { failedTurn, sayOneByOne, type Turn } from "./ending.ts";
import { tellCharges, type NextCharge } from "./tell-charges.ts";

const BATCH = 500;
/** While the database writes for some, what is due about the next is reckoned. */
const BATCHES_AT_ONCE = 2;
/** Providers are asked about so many before anything is written down of it, and before the work can be stopped. */
const PIECE = 100;
/** Each waits for the database, and some for their provider. */
const AT_ONCE = 8;
/** Calls of providers are remembered for so long: all of them refuse older ones by themselves. */
const HEARD_DAYS = 40;
/** What was given out is remembered for so long after its time. */
const ISSUED_DAYS = 30;

/**
 * The daily round: looks at each subscription about which something is due, and at no other. One that cannot be done
 * today, because its provider is away, is looked at again tomorrow and holds up none of the others.
 */
export async function goRound(
  books: Books,
  signal?: AbortSignal,
): Promise<Readonly<Partial<Record<Turn, number>>>> {
  const { db, clock } = books;
  const today = dayOf(clock.now());
  const counts: Partial<Record<Turn, number>> = {};
  const through = mapBounded(dueRows(books, today), BATCHES_AT_ONCE, (rows) =>
    goThrough(books, rows, signal),
  );
  for await (const turns of through) for (const did of turns) counts[did] = (counts[did] ?? 0) + 1;
  const past = { beforeDay: today - ISSUED_DAYS, limit: BATCH };
  while ((await sweepIssues(books, past)) === BATCH) throwIfAborted(signal);
  await db.query
    .deleteFrom("heardCall")
    .where("day", "<", today - HEARD_DAYS)
    .execute();
  return counts;
}

/** All subscriptions that are to be looked at, some of them at a time. */
async function* dueRows({ db }: Books, today: number): AsyncGenerator<readonly SubscriptionTable[]> {
  for (let last = { lookDay: -1, id: "" }; ;) {
    const rows = await db.query
      .selectFrom("subscription")
      .selectAll()
      .where("lookDay", "<=", today)
      .where(sql<boolean>`(${sql.ref("lookDay")}, ${sql.ref("id")}) > (${last.lookDay}, ${last.id})`)
      .orderBy("lookDay")
      .orderBy("id")
      .limit(BATCH)
      .execute();
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH) return;
    const end = rows.at(-1)!;
    last = { lookDay: end.lookDay ?? today, id: end.id };
  }
}

/** What is due about each of some subscriptions: what is alike together, the rest one by one. */
async function goThrough(
  books: Books,
  rows: readonly SubscriptionTable[],
  signal: AbortSignal | undefined,
): Promise<readonly Turn[]> {
  throwIfAborted(signal);
  const due = await dueOf(
    books,
    rows.map((row) => ({ row, subscription: read(row) })),
  );
  const told = await tellMany(books, due.tell);
  const turns: Turn[] = told.map((): Turn => "tell");
  for (const [all, work] of [
    [due.announce, announceAll],
    [due.charge, chargeAll],
  ] as const)
    for (let at = 0; at < all.length; at += PIECE) {
      throwIfAborted(signal);
      turns.push(...(await work(books, all.slice(at, at + PIECE))));
    }
  const left =
    told.length === due.tell.length ? due.left : [...due.left, ...due.tell.map(({ kept }) => kept)];
  for await (const did of mapBounded(left, AT_ONCE, (kept) => turnOrLater(books, kept, signal)))
    turns.push(did);
  return turns;
}

/** Tells of all charges at once; gives those that were told of, which is all or none. */
async function tellMany(books: Books, next: readonly NextCharge[]): Promise<readonly NextCharge[]> {
  try {
    if (next.length > 0) await tellCharges(books, next);
    return next;
  } catch (error) {
    sayOneByOne(books, error);
    return [];
  }
}

async function turnOrLater(books: Books, kept: Kept, signal: AbortSignal | undefined): Promise<Turn> {
  throwIfAborted(signal);
  try {
    return await turn(books, kept);
  } catch (error) {
    return failedTurn(books, kept, error);
  }
}
