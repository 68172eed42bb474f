import { KeepsakeError, mapBounded, throwIfAborted } from "@keepsake/core/base";
import { sql } from "kysely";
import { dayOf } from "../../dealing/calendar.ts";
import { sweepIssues } from "../../tickets/issue.ts";
import type { Books } from "../books.ts";
import { read, type Kept } from "../log.ts";
import type { SubscriptionTable } from "../tables.ts";
import { nextToTell, turn, type Turn } from "./charges.ts";
import { tellCharges, type NextCharge } from "./tell-charges.ts";
import { chargesOf } from "./upcoming.ts";

const BATCH = 500;
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
  for (let last = { lookDay: -1, id: "" }; ;) {
    throwIfAborted(signal);
    const rows = await db.query
      .selectFrom("subscription")
      .selectAll()
      .where("lookDay", "<=", today)
      .where(sql<boolean>`(${sql.ref("lookDay")}, ${sql.ref("id")}) > (${last.lookDay}, ${last.id})`)
      .orderBy("lookDay")
      .orderBy("id")
      .limit(BATCH)
      .execute();
    const { told, left } = await tellMany(books, rows);
    if (told > 0) counts.tell = (counts.tell ?? 0) + told;
    for await (const did of mapBounded(left, AT_ONCE, (kept) => turnOrLater(books, kept, signal)))
      counts[did] = (counts[did] ?? 0) + 1;
    if (rows.length < BATCH) break;
    const end = rows.at(-1)!;
    last = { lookDay: end.lookDay ?? today, id: end.id };
  }
  const past = { beforeDay: today - ISSUED_DAYS, limit: BATCH };
  while ((await sweepIssues(books, past)) === BATCH) throwIfAborted(signal);
  await db.query
    .deleteFrom("heardCall")
    .where("day", "<", today - HEARD_DAYS)
    .execute();
  return counts;
}

/** Tells at once of all charges that are only to be told of; gives what is left to be looked at one by one. */
async function tellMany(
  books: Books,
  rows: readonly SubscriptionTable[],
): Promise<{ readonly told: number; readonly left: readonly Kept[] }> {
  const all = rows.map((row) => ({ row, subscription: read(row) }));
  if (all.length === 0) return { told: 0, left: [] };
  const charges = await chargesOf(
    books.db.query,
    all.map(({ row }) => row.id),
  );
  const next: NextCharge[] = [];
  const left: Kept[] = [];
  for (const kept of all) {
    const found = charges(kept.row.id).isOpen ? undefined : await nextToTell(books, kept);
    if (found === undefined) left.push(kept);
    else next.push(found);
  }
  try {
    if (next.length > 0) await tellCharges(books, next);
    return { told: next.length, left };
  } catch (error) {
    // One of them is at fault, or somebody changes one of them now: one by one it holds up none of the others.
    books.log({ event: "round-one-by-one", code: KeepsakeError.is(error) ? error.code : "base.unexpected" });
    return { told: 0, left: all };
  }
}

async function turnOrLater(books: Books, kept: Kept, signal: AbortSignal | undefined): Promise<Turn> {
  throwIfAborted(signal);
  const { row } = kept;
  try {
    return await turn(books, kept);
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    books.log({ event: "round-failed", provider: row.provider, code: error.code });
    const lookDay = dayOf(books.clock.now()) + 1;
    await books.db.query.updateTable("subscription").set({ lookDay }).where("id", "=", row.id).execute();
    return "failed";
  }
}
