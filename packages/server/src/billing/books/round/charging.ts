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
import { failedTurn, giveUp, lookAgain, sayOneByOne, type Turn } from "./ending.ts";
import { tell } from "./notices.ts";

/** Providers are asked about so many at once. */
const AT_ONCE = 8;

/** What came of something for each of many, and those with which it goes on. */
interface Went<T> {
  readonly turns: readonly Turn[];
  readonly done: readonly T[];
}

/** A charge as its provider is asked for it. */
interface Asked extends DueCharge {
  readonly asked: Charge;
}

/** Tells providers of charges ahead of them, where their rules ask for that. */
export async function announceAll(books: Books, due: readonly DueCharge[]): Promise<readonly Turn[]> {
  const possible = await withinAgreement(books, due);
  const { turns, done } = await eachAlone(books, possible.done, async (each) => {
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
  return [...possible.turns, ...turns, ...done.map((): Turn => "announce")];
}

/**
 * Makes charges. Each is written down as tried before its provider hears of it, and what became of them is written down
 * for all at once; what was cut off between is asked after before it is tried again.
 */
export async function chargeAll(books: Books, due: readonly DueCharge[]): Promise<readonly Turn[]> {
  const possible = await withinAgreement(books, due);
  const tried = await markTried(books, possible.done);
  const charged = await eachAlone(books, tried, async (each) => {
    const isRefused = await isRefusedNow(each);
    return { ...each, isRefused, said: await askAbout(books, each.kept.row, each.asked) };
  });
  const written = await writeAll(books, charged.done);
  for (const { kept, charge, isRefused } of written.done)
    if (isRefused) await tellFailed(books, kept, charge);
  await lookAgain(
    books,
    written.done.map(({ kept }) => ({ kept, day: dayOf(books.clock.now()) + 1 })),
  );
  // Where another process was faster, it is at it.
  const taken = Array.from({ length: possible.done.length - tried.length }, (): Turn => "wait");
  return [
    ...possible.turns,
    ...charged.turns,
    ...written.turns,
    ...taken,
    ...written.done.map((): Turn => "charge"),
  ];
}

/** Those whose agreement allows the amount; for the others there is no charge. */
async function withinAgreement(books: Books, due: readonly DueCharge[]): Promise<Went<Asked>> {
  const { turns, done } = await eachAlone(books, await askedOf(books, due), async (each) => {
    const { kept, charge, agreements, asked } = each;
    const most = await agreements.mostMinor(asked);
    if (most === undefined || charge.amountMinor <= most) return each;
    return giveUp(books, { kept, charge, provider: providerOf(books, kept.row.provider) });
  });
  return {
    turns: [...turns, ...done.filter((each) => typeof each === "string")],
    done: done.filter((each) => typeof each !== "string"),
  };
}

/** Does something for each; one whose provider is away, or says no, holds up none of the others. */
async function eachAlone<T extends DueCharge, R>(
  books: Books,
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<Went<R>> {
  const turns: Turn[] = [];
  const done: R[] = [];
  const working = mapBounded(all, AT_ONCE, async (each) => {
    try {
      return { result: await work(each) };
    } catch (error) {
      return { failed: await failedTurn(books, each.kept, error) };
    }
  });
  for await (const each of working) {
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
async function writeAll(books: Books, all: readonly Said[]): Promise<Went<Said>> {
  if (all.length === 0) return { turns: [], done: [] };
  try {
    return { turns: [], done: await write(books, all) };
  } catch (error) {
    sayOneByOne(books, error);
    const { turns, done } = await eachAlone(books, all, (each) => write(books, [each]));
    return { turns, done: done.flat() };
  }
}

async function write(books: Books, all: readonly Said[]): Promise<readonly Said[]> {
  const added = all.map(({ kept: { row }, said: entries }) => ({ id: row.id, entries }));
  const kept = await books.db.transaction((query) => addToLogs(books, query, added));
  return all.map((each, i) => ({ ...each, kept: kept[i]! }));
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
