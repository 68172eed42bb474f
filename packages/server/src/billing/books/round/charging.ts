import { KeepsakeError, mapBounded } from "@keepsake/core/base";
import { dayOf, startOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import type { Charge } from "../../providers/provider.ts";
import type { Books } from "../books.ts";
import { addToLogs, type Kept } from "../log/log.ts";
import { askAbout } from "../look.ts";
import { allKnown, providerOf } from "../subscriptions.ts";
import type { ChargeTable } from "../tables.ts";
import type { DueCharge } from "./due.ts";
import { failedTurn, giveUp, lookAgain, type Turn } from "./ending.ts";
import { tell } from "./notices.ts";

/** Providers are asked about so many at once. */
const AT_ONCE = 8;

/** What came of something for each of many. */
type Turns = readonly Turn[];

/** A charge as its provider is asked for it. */
interface Asked extends DueCharge {
  readonly asked: Charge;
}

/** Tells providers of charges ahead of them, where their rules ask for that. */
export async function announceAll(books: Books, due: readonly DueCharge[]): Promise<Turns> {
  const { turns, done: possible } = await withinAgreement(books, due);
  const { turns: failed, done } = await atProviders(books, possible, async (each) => {
    await each.agreements.announce(each.asked);
    return each;
  });
  const today = dayOf(books.clock.now());
  if (done.length > 0)
    await books.db.query
      .updateTable("charge")
      .set({ announcedDay: today })
      .where(
        "name",
        "in",
        done.map(({ charge }) => charge.name),
      )
      .execute();
  await lookAgain(
    books,
    done.map(({ kept, agreements }) => ({ kept, day: today + Math.max(1, agreements.announceDays) })),
  );
  return [...turns, ...failed, ...done.map((): Turn => "announce")];
}

/**
 * Makes charges. Each is written down as tried before its provider hears of it, and what became of them is written down
 * for all at once; what was cut off between is asked after before it is tried again.
 */
export async function chargeAll(books: Books, due: readonly DueCharge[]): Promise<Turns> {
  const { turns, done: possible } = await withinAgreement(books, due);
  const tried = await markTried(books, possible);
  const { turns: failed, done } = await atProviders(books, tried, async (each) => {
    const isRefused = await isRefusedNow(each);
    return { ...each, isRefused, said: await askAbout(books, each.kept.row, each.asked) };
  });
  const written = await writeAll(books, done);
  for (const { kept, charge, isRefused } of written) if (isRefused) await tellFailed(books, kept, charge);
  await lookAgain(
    books,
    written.map(({ kept }) => ({ kept, day: dayOf(books.clock.now()) + 1 })),
  );
  // Where another process was faster, it is at it.
  const taken = possible.length - tried.length;
  return [
    ...turns,
    ...failed,
    ...Array.from({ length: taken }, (): Turn => "wait"),
    ...written.map((): Turn => "charge"),
  ];
}

/** Those whose agreement allows the amount; for the others there is no charge. */
async function withinAgreement(
  books: Books,
  due: readonly DueCharge[],
): Promise<{ readonly turns: Turns; readonly done: readonly Asked[] }> {
  const { turns, done } = await atProviders(books, await askedOf(books, due), async (each) => {
    const most = await each.agreements.mostMinor(each.asked);
    return { ...each, isPossible: most === undefined || each.charge.amountMinor <= most };
  });
  const above = done.filter(({ isPossible }) => !isPossible);
  const ended: Turn[] = [];
  for (const { kept, charge } of above)
    ended.push(await giveUp(books, { kept, charge, provider: providerOf(books, kept.row.provider) }));
  return { turns: [...turns, ...ended], done: done.filter(({ isPossible }) => isPossible) };
}

/** Asks providers about each; one that is away, or says no, holds up none of the others. */
async function atProviders<T extends DueCharge, R>(
  books: Books,
  all: readonly T[],
  ask: (each: T) => Promise<R>,
): Promise<{ readonly turns: Turns; readonly done: readonly R[] }> {
  const turns: Turn[] = [];
  const done: R[] = [];
  const asking = mapBounded(all, AT_ONCE, async (each) => {
    try {
      return { result: await ask(each) };
    } catch (error) {
      return { failed: await failedTurn(books, each.kept, error) };
    }
  });
  for await (const each of asking) {
    if ("failed" in each) turns.push(each.failed);
    else done.push(each.result);
  }
  return { turns, done };
}

async function isRefusedNow({ agreements, asked }: Asked): Promise<boolean> {
  try {
    await agreements.charge(asked);
    return false;
  } catch (error) {
    if (KeepsakeError.is(error, "pay.refused")) return true;
    throw error;
  }
}

/** Writes down that they are tried today; gives those that no other process was faster with. */
async function markTried(books: Books, all: readonly Asked[]): Promise<readonly Asked[]> {
  const today = dayOf(books.clock.now());
  const marked = new Set<string>();
  for (const [before, same] of Map.groupBy(all, ({ charge }) => charge.tried)) {
    const tried = JSON.stringify([...(JSON.parse(before) as number[]), today]);
    const rows = await books.db.query
      .updateTable("charge")
      .set({ state: "trying", tried })
      .where(
        "name",
        "in",
        same.map(({ charge }) => charge.name),
      )
      .where("tried", "=", before)
      .where("state", "in", ["told", "trying"])
      .returning("name")
      .execute();
    for (const { name } of rows) marked.add(name);
  }
  return all.filter(({ charge }) => marked.has(charge.name));
}

interface Said extends Asked {
  readonly isRefused: boolean;
  /** What the provider says of the subscription now. */
  readonly said: readonly Entry[];
}

/** Writes down what providers said, for all together; one by one where that fails for the sake of one of them. */
async function writeAll(books: Books, all: readonly Said[]): Promise<readonly Said[]> {
  if (all.length === 0) return [];
  try {
    const kept = await books.db.transaction((query) =>
      addToLogs(
        books,
        query,
        all.map(({ kept: { row }, said: entries }) => ({ id: row.id, entries })),
      ),
    );
    return all.map((each, i) => ({ ...each, kept: kept[i]! }));
  } catch (error) {
    if (all.length === 1 || !KeepsakeError.is(error)) throw error;
    books.log({ event: "round-one-by-one", code: error.code });
  }
  const written: Said[] = [];
  for (const each of all)
    try {
      written.push(...(await writeAll(books, [each])));
    } catch (error) {
      await failedTurn(books, each.kept, error);
    }
  return written;
}

async function tellFailed(books: Books, { row, subscription }: Kept, charge: ChargeTable): Promise<void> {
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { amountMinor, currency } = charge;
  const aboutDay = subscription.untilDay + graceDays;
  await books.db.transaction((query) =>
    tell(books, query, { row, message: "charge-failed", aboutDay, amountMinor, currency }),
  );
}

/** Charges as their providers are asked for them, in the words of their payers. */
export async function askedOf(books: Books, due: readonly DueCharge[]): Promise<readonly Asked[]> {
  if (due.length === 0) return [];
  const rows = due.map(({ kept }) => kept.row);
  const known = await allKnown(books, books.db.query, rows);
  const accounts = await books.db.query
    .selectFrom("account")
    .select(["id", "language"])
    .where(
      "id",
      "in",
      rows.map(({ account }) => account),
    )
    .execute();
  const languages = new Map(accounts.map(({ id, language }) => [id, language]));
  return due.map((each) => {
    const { kept, charge, term } = each;
    const { name, amountMinor, currency, dueDay } = charge;
    const title = term.plan[languages.get(kept.row.account) === "zh" ? "zh" : "en"];
    const dueMs = startOf(dueDay);
    return { ...each, asked: { ...known(kept.row), charge: name, amountMinor, currency, title, dueMs } };
  });
}
