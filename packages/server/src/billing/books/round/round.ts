import { KeepsakeError, mapBounded, throwIfAborted } from "@keepsake/core/base";
import { sql } from "kysely";
import { dayOf } from "../../dealing/calendar.ts";
import { sweepIssues } from "../../tickets/issue.ts";
import type { Books } from "../books.ts";
import { read } from "../log.ts";
import type { SubscriptionTable } from "../tables.ts";
import { turn, type Turn } from "./charges.ts";

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
    for await (const did of mapBounded(rows, AT_ONCE, (row) => turnOrLater(books, row, signal)))
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

async function turnOrLater(
  books: Books,
  row: SubscriptionTable,
  signal: AbortSignal | undefined,
): Promise<Turn> {
  throwIfAborted(signal);
  try {
    return await turn(books, { row, subscription: read(row) });
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    books.log({ event: "round-failed", provider: row.provider, code: error.code });
    const lookDay = dayOf(books.clock.now()) + 1;
    await books.db.query.updateTable("subscription").set({ lookDay }).where("id", "=", row.id).execute();
    return "failed";
  }
}
