import { KeepsakeError, throwIfAborted } from "@keepsake/core/base";
import { enqueue } from "../../../jobs/index.ts";
import { dayOf, startOf } from "../../dealing/calendar.ts";
import type { Movement, Provider } from "../../providers/provider.ts";
import type { Books } from "../books.ts";
import { LOOK_JOB } from "../look.ts";

/** What our books and a provider's said of one day. */
export interface Compared {
  readonly provider: string;
  readonly day: number;
  readonly theirMovements: number;
  readonly theirMinor: number;
  readonly ourMinor: number;
  /** Movements of charges that are not ours, or that we have no line of: their ids. */
  readonly unknown: readonly string[];
  /** Subscriptions that were asked about again because of it. */
  readonly looked: number;
}

/** The last days are compared each time, since providers settle late. */
const DAYS = 3;
/** Others as soon as the provider tells of them at all: some do once the month is over. */
const LATE_DAYS = 40;

/** Compares the days that are over with every provider that there is, and asks again about what differs. */
export async function reconcileBooks(books: Books, signal?: AbortSignal): Promise<readonly Compared[]> {
  const today = dayOf(books.clock.now());
  const all: Compared[] = [];
  for (const provider of books.providers.values())
    for (const day of await daysToCompare(books, provider, today)) {
      throwIfAborted(signal);
      try {
        all.push(await compareDay(books, provider, day));
      } catch (error) {
        if (!KeepsakeError.is(error)) throw error;
        // Tomorrow its day is compared again.
        if (error.details["why"] === "not-yet") break;
        books.log({ event: "reconcile-failed", provider: provider.name, code: error.code });
      }
    }
  return all;
}

/** The last days, and earlier ones that were not compared yet. */
async function daysToCompare({ db }: Books, { name }: Provider, today: number): Promise<readonly number[]> {
  const done = await db.query
    .selectFrom("reconciliation")
    .select("day")
    .where("provider", "=", name)
    .where("day", ">=", today - LATE_DAYS)
    .execute();
  const compared = new Set(done.map(({ day }) => day));
  // Before the first line that we have at a provider, there is nothing to compare.
  const { first } = await db.query
    .selectFrom("ledger")
    .select((row) => row.fn.min<number>("day").as("first"))
    .where("account", "=", `at/${name}`)
    .executeTakeFirstOrThrow();
  const from = first === null ? today - DAYS : Math.max(today - LATE_DAYS, Number(first));
  const all = Array.from(
    { length: Math.max(0, today - Math.min(from, today - DAYS)) },
    (_, i) => today - 1 - i,
  );
  return all.filter((day) => day >= today - DAYS || !compared.has(day)).toReversed();
}

async function compareDay(books: Books, provider: Provider, day: number): Promise<Compared> {
  const date = new Date(startOf(day)).toISOString().slice(0, 10);
  const movements = await provider.movements(date);
  const { unknown, subscriptions } = await unknownOf(books, movements);
  const nowMs = books.clock.now();
  for (const id of subscriptions)
    await enqueue(books.db.query, { kind: LOOK_JOB, key: id, payload: { id }, dueAtMs: nowMs });
  const compared: Compared = {
    provider: provider.name,
    day,
    theirMovements: movements.length,
    theirMinor: movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    ourMinor: await ourMinor(books, provider, day),
    unknown,
    looked: subscriptions.size,
  };
  const text = JSON.stringify(compared);
  await books.db.query
    .insertInto("reconciliation")
    .values({ provider: provider.name, day, text })
    .onConflict((conflict) => conflict.columns(["provider", "day"]).doUpdateSet({ text }))
    .execute();
  if (compared.theirMinor !== compared.ourMinor || unknown.length > 0)
    books.log({ event: "books-differ", provider: provider.name, day: date, unknown: unknown.length });
  return compared;
}

/** What the ledger has at a provider on a day. */
async function ourMinor({ db }: Books, { name }: Provider, day: number): Promise<number> {
  const { amount } = await db.query
    .selectFrom("ledger")
    .select((row) => row.fn.sum<number>("amountMinor").as("amount"))
    .where("day", "=", day)
    .where("account", "=", `at/${name}`)
    .executeTakeFirstOrThrow();
  return Number(amount ?? 0);
}

/** Movements of charges that we did not know to be paid. */
async function unknownOf(
  { db }: Books,
  movements: readonly Movement[],
): Promise<{ readonly unknown: readonly string[]; readonly subscriptions: ReadonlySet<string> }> {
  const unknown: string[] = [];
  const subscriptions = new Set<string>();
  for (const { id, charge, amountMinor } of movements) {
    const row = await db.query
      .selectFrom("charge")
      .select(["subscription", "state"])
      .where("name", "=", charge)
      .executeTakeFirst();
    // Charges that a provider makes by itself have its own names: the sums tell of them.
    if (row === undefined && charge !== "") unknown.push(id);
    if (row !== undefined && amountMinor > 0 && row.state !== "paid") subscriptions.add(row.subscription);
  }
  return { unknown, subscriptions };
}

/** The last comparisons, the newest first. */
export async function comparisons({ db }: Books, fromDay: number): Promise<readonly Compared[]> {
  const rows = await db.query
    .selectFrom("reconciliation")
    .select("text")
    .where("day", ">=", fromDay)
    .orderBy("day", "desc")
    .orderBy("provider")
    .execute();
  return rows.map(({ text }) => JSON.parse(text) as Compared);
}
