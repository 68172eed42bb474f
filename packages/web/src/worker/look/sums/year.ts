import type { HistoryView } from "@keepsake/core/history";
import { isForShow } from "../for-show.ts";
import { titleOf } from "../title.ts";
import { OWN, type MonthCount } from "./census.ts";
import { dayStartMs, type LocalDay } from "../../../time/local-time.ts";
import { peopleOf, type ChatCount } from "./people.ts";

const DAY_MS = 86_400_000;
const MOST_LISTED = 10;

/** Something that was counted, by its name. */
interface Counted {
  readonly name: string;
  readonly messages: number;
}

/** Days on end on which something was written. */
interface Streak {
  readonly days: number;
  readonly from: LocalDay;
}

/** The first thing that somebody said in a year. */
export interface FirstMessage {
  readonly collection: string;
  readonly title: string;
  readonly sent: number;
  readonly kind: string;
  /** Empty where it is no text. */
  readonly text: string;
}

/** A year as it went by. */
export interface Year {
  readonly year: number;
  /** All years in which there are messages, the newest first. */
  readonly years: readonly number[];
  readonly messages: number;
  readonly yours: number;
  /** A count for each day from the first of January on. */
  readonly firstDay: LocalDay;
  readonly perDay: readonly number[];
  readonly activeDays: number;
  readonly streak: Streak;
  readonly hours: readonly number[];
  readonly kinds: readonly Counted[];
  readonly people: readonly Counted[];
  readonly chats: readonly (Counted & { readonly collection: string })[];
  readonly first?: FirstMessage | undefined;
}

/** What a year was like; the newest that has any messages where none is named. */
export function yearOf(chats: readonly ChatCount[], named: number | undefined): Year | undefined {
  const years = [
    ...new Set(
      chats.flatMap(({ census }) => [...census.months.keys()].map((month) => Math.floor(month / 12))),
    ),
  ].sort((a, b) => b - a);
  const year = named !== undefined && years.includes(named) ? named : years[0];
  if (year === undefined) return undefined;
  const months = chats.map((chat) => ({ chat, months: monthsIn(chat, year) }));
  const all = months.flatMap((each) => each.months);
  const perDay = daysOf(chats, year);
  return {
    year,
    years,
    messages: sum(all.map(({ messages }) => messages)),
    yours: sum(all.map(({ authors }) => authors.get(OWN) ?? 0)),
    firstDay: firstDayOf(year),
    perDay,
    activeDays: perDay.filter((count) => count > 0).length,
    streak: streakOf(perDay, firstDayOf(year)),
    hours: Array.from({ length: 24 }, (_, hour) => sum(all.map(({ hours }) => hours[hour]!))),
    kinds: most(total(all.map(({ kinds }) => kinds))),
    people: peopleIn(chats, total(all.map(({ authors }) => authors))),
    chats: chatsIn(months),
  };
}

/** The first message of a year that may be shown without being asked for. */
export async function firstOfYear(
  view: HistoryView,
  chats: readonly ChatCount[],
  year: number,
): Promise<FirstMessage | undefined> {
  const [from, until] = [dayStartMs(firstDayOf(year)), dayStartMs(firstDayOf(year + 1))];
  let first: FirstMessage | undefined;
  for (const { collection, chat, census } of chats) {
    if (monthsIn({ census }, year).length === 0) continue;
    for await (const views of view.batches(collection, { from, until: first?.sent ?? until })) {
      const found = views.find(({ message }) => isForShow(message) && message.time.precision !== "none");
      if (found === undefined) continue;
      const { message } = found;
      const { kind, body, time } = message;
      first = { collection, title: titleOf(chat), sent: time.sent, kind, text: body?.text ?? "" };
      break;
    }
  }
  return first;
}

function firstDayOf(year: number): LocalDay {
  return Date.UTC(year, 0, 1) / DAY_MS;
}

function monthsIn({ census }: Pick<ChatCount, "census">, year: number): readonly MonthCount[] {
  const months = Array.from({ length: 12 }, (_, month) => census.months.get(year * 12 + month));
  return months.filter((month) => month !== undefined);
}

function daysOf(chats: readonly ChatCount[], year: number): number[] {
  const start = firstDayOf(year);
  const days = Array.from({ length: firstDayOf(year + 1) - start }, () => 0);
  for (const { census } of chats) {
    const { firstDay, counts } = census.perDay();
    for (let day = Math.max(0, start - firstDay); day < counts.length; day++) {
      const place = day + firstDay - start;
      if (place >= days.length) break;
      days[place]! += counts[day]!;
    }
  }
  return days;
}

/** The longest row of days that all have messages; the earlier one of two. */
function streakOf(perDay: readonly number[], firstDay: LocalDay): Streak {
  let best: Streak = { days: 0, from: firstDay };
  let length = 0;
  for (const [place, count] of perDay.entries()) {
    length = count > 0 ? length + 1 : 0;
    if (length > best.days) best = { days: length, from: firstDay + place - length + 1 };
  }
  return best;
}

function peopleIn(chats: readonly ChatCount[], counts: ReadonlyMap<string, number>): Counted[] {
  const named = new Map<string, number>();
  for (const { id, name, accounts } of peopleOf(chats)) {
    const messages = sum(accounts.map((account) => counts.get(account) ?? 0));
    if (messages > 0) named.set(`${name}\n${id}`, messages);
  }
  return most(named).map(({ name, messages }) => ({ name: name.split("\n", 1)[0]!, messages }));
}

function chatsIn(
  months: readonly { readonly chat: ChatCount; readonly months: readonly MonthCount[] }[],
): Year["chats"] {
  return months
    .map(({ chat: { collection, chat }, months: its }) => {
      return { collection, name: titleOf(chat), messages: sum(its.map((each) => each.messages)) };
    })
    .filter(({ messages }) => messages > 0)
    .sort((a, b) => b.messages - a.messages)
    .slice(0, MOST_LISTED);
}

function most(counts: ReadonlyMap<string, number>): Counted[] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, MOST_LISTED).map(([name, messages]) => ({ name, messages }));
}

function total(counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const each of counts) for (const [name, count] of each) all.set(name, (all.get(name) ?? 0) + count);
  return all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
