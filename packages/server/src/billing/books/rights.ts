import type { Catalogue } from "@keepsake/core/plans";
import { firstDay, periodOf, ticketsAhead } from "@keepsake/core/protocol";
import type { Query } from "../../db/index.ts";
import type { RightsOf } from "../tickets/issue.ts";
import { dayOf } from "../dealing/calendar.ts";
import { mayUpload, stateAt, termAt } from "../dealing/state.ts";
import type { Bought } from "../dealing/statements.ts";
import type { Books } from "./books.ts";
import { read, type Kept } from "./log.ts";
import { subscriptionsOf } from "./subscriptions.ts";

/** A place in somebody's plan that an account holds. */
async function seatsHeld(query: Query, account: string): Promise<readonly (Kept & { roomBytes: number })[]> {
  const rows = await query
    .selectFrom("seat")
    .innerJoin("subscription", "subscription.id", "seat.subscription")
    .selectAll("subscription")
    .select("seat.roomBytes")
    .where("seat.account", "=", account)
    .execute();
  return rows.map(({ roomBytes, ...row }) => ({ row, subscription: read(row), roomBytes }));
}

/** The room that an account has a right to on a day, as bytes; 0 for none. The highest counts where there are several. */
type Rights = (day: number) => number;

/**
 * What an account has a right to on today's and coming days. In the days within which all is paid back, it reaches
 * only a little beyond them: a ticket that was given out cannot be taken back.
 */
async function rightsOf(books: Books, query: Query, account: string): Promise<Rights> {
  const { clock, catalogues } = books;
  const today = dayOf(clock.now());
  const catalogue = await catalogues.current();
  const own = await subscriptionsOf(query, account);
  const seats = await seatsHeld(query, account);
  const rooms = await roomsOf(books, query, [...own, ...seats]);
  const given = await givenRooms(query, account);
  const graceDays = catalogue.lapse.graceDays;
  const roomOn = ({ subscription }: Kept, roomBytes: (bought: Bought) => number, day: number): number => {
    const { bought, fromDay } = termAt(subscription, day) ?? { bought: subscription.bought, fromDay: 0 };
    const sureDay = fromDay + catalogue.refundDays;
    if (today < sureDay && day >= sureDay + SPARE_DAYS) return 0;
    return mayUpload(stateAt(subscription, day, graceDays)) ? roomBytes(bought) : 0;
  };
  return (day) =>
    Math.max(
      0,
      ...own.map((each) =>
        roomOn(each, (bought) => Math.max(0, rooms(bought) - (given.get(each.row.id) ?? 0)), day),
      ),
      ...seats.map((seat) => roomOn(seat, () => seat.roomBytes, day)),
    );
}

/** What an account has a right to on some days, for who gives out tickets. */
export function rightsOn(books: Books): RightsOf {
  return async (query, account, days) => days.map(await rightsOf(books, query, account));
}

/** Days in a row on which an account has a right to the same room. */
export interface Level {
  readonly fromDay: number;
  readonly untilDay: number;
  readonly levelBytes: number;
}

/** What an account has a right to from today on, as far ahead as tickets are given. */
export async function levelsOf(books: Books, account: string): Promise<readonly Level[]> {
  const roomOn = await rightsOf(books, books.db.query, account);
  const today = dayOf(books.clock.now());
  const levels: Level[] = [];
  const lastDay = firstDay("keep", periodOf("keep", today) + ticketsAhead.keep + 1);
  for (let day = today; day < lastDay; day++) {
    const levelBytes = roomOn(day);
    const last = levels.at(-1);
    if (last?.levelBytes === levelBytes) levels[levels.length - 1] = { ...last, untilDay: day + 1 };
    else levels.push({ fromDay: day, untilDay: day + 1, levelBytes });
  }
  return levels.filter((level) => level.levelBytes > 0);
}

/** Beyond the days of paying back, so many more: a device need not come back on the very day. */
const SPARE_DAYS = 7;

/** The room of what was bought, as the catalogue of its time had it. */
async function roomsOf(
  { catalogues }: Books,
  query: Query,
  all: readonly Kept[],
): Promise<(bought: Bought) => number> {
  const versions = new Map<number, Catalogue>();
  const wanted = all.flatMap(({ subscription: { bought, terms } }) => [
    bought,
    ...terms.map((term) => term.bought),
  ]);
  for (const { catalogue } of wanted) {
    const found = versions.has(catalogue) ? undefined : await catalogues.ofVersion(catalogue, query);
    if (found !== undefined) versions.set(catalogue, found);
  }
  return ({ catalogue, plan }) => {
    const room = versions.get(catalogue)?.plans.find(({ id }) => id === plan)?.room;
    return room === undefined ? 0 : room.filesBytes + room.textBytes;
  };
}

/** What others hold of the room of an account's subscriptions. */
async function givenRooms(query: Query, account: string): Promise<ReadonlyMap<string, number>> {
  const rows = await query
    .selectFrom("seat")
    .innerJoin("subscription", "subscription.id", "seat.subscription")
    .select("seat.subscription")
    .select((row) => row.fn.sum<number>("seat.roomBytes").as("bytes"))
    .where("subscription.account", "=", account)
    .groupBy("seat.subscription")
    .execute();
  return new Map(rows.map(({ subscription, bytes }) => [subscription, Number(bytes)]));
}
