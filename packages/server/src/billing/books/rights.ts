import { furthest, isAddOn, isHeld, type AddOn, type Plan, type Reach } from "@keepsake/core/plans";
import { firstDay, periodOf, ticketsAhead } from "@keepsake/core/protocol";
import type { Query } from "../../db/index.ts";
import type { RightsOf } from "../tickets/issue.ts";
import { dayOf } from "../dealing/calendar.ts";
import { mayUpload, stateAt, termAt } from "../dealing/state.ts";
import type { Bought } from "../dealing/statements.ts";
import type { Books } from "./books.ts";
import { read, type Kept } from "./log/log.ts";
import { keptBy, soldIn } from "./sold.ts";
import { seatIds, seatsOn } from "./places.ts";

/** A place in somebody's plan that an account holds. */
interface SeatHeld extends Kept {
  readonly roomBytes: number;
  /** How many places of the same plan come before it. */
  readonly before: number;
  /** How many there are on a day, besides the payer's own. */
  readonly seatsOn: (day: number) => number;
}

async function seatsHeld(books: Books, query: Query, account: string): Promise<readonly SeatHeld[]> {
  const rows = await query
    .selectFrom("seat")
    .innerJoin("subscription", "subscription.id", "seat.subscription")
    .selectAll("subscription")
    .select(["seat.roomBytes", "seat.id as seat"])
    .where("seat.account", "=", account)
    .execute();
  const held: SeatHeld[] = [];
  for (const { roomBytes, seat, ...row } of rows) {
    const kept = { row, subscription: read(row) };
    const before = (await seatIds(query, row.id)).indexOf(seat);
    held.push({ ...kept, roomBytes, before, seatsOn: await seatsOn(books, query, kept) });
  }
  return held;
}

/**
 * The room that an account has a right to on a day, as bytes; 0 for none. Of plans the highest counts where there are
 * several; what was bought beside them is added, as long as it is paid itself.
 */
type Rights = (day: number) => number;

/**
 * What an account has a right to on today's and coming days. In the days within which all is paid back, it reaches
 * only a little beyond them: a ticket that was given out cannot be taken back.
 */
async function rightsOf(books: Books, query: Query, account: string): Promise<Rights> {
  const { clock, catalogues } = books;
  const today = dayOf(clock.now());
  const catalogue = await catalogues.current();
  const { plans, addOns, sold } = await keptBy(books, query, account);
  const seats = await seatsHeld(books, query, account);
  const given = await givenRooms(query, account);
  const graceDays = catalogue.lapse.graceDays;
  const roomOn = ({ subscription }: Kept, roomBytes: (bought: Bought) => number, day: number): number => {
    const { bought, fromDay } = termAt(subscription, day) ?? { bought: subscription.bought, fromDay: 0 };
    const sureDay = fromDay + catalogue.refundDays;
    if (today < sureDay && day >= sureDay + SPARE_DAYS) return 0;
    return mayUpload(stateAt(subscription, day, graceDays)) ? roomBytes(bought) : 0;
  };
  const ofPlan = (each: Kept, day: number): number =>
    roomOn(each, (bought) => Math.max(0, roomOf(sold(bought)) - (given.get(each.row.id) ?? 0)), day);
  const ofSeat = (seat: SeatHeld, day: number): number =>
    roomOn(seat, () => (seat.before < seat.seatsOn(day) ? seat.roomBytes : 0), day);
  return (day) => {
    const most = Math.max(
      0,
      ...plans.map((each) => ofPlan(each, day)),
      ...seats.map((each) => ofSeat(each, day)),
    );
    return addOns.reduce((sum, each) => sum + roomOn(each, (bought) => roomOf(sold(bought)), day), most);
  };
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

/**
 * How far back an account's plan reaches, as it said when it was bought; of several, and of places in others' plans,
 * the one that reaches furthest. Undefined where it has none, or one that nobody knows any more.
 */
export async function reachOf(books: Books, account: string): Promise<Reach | undefined> {
  const { query } = books.db;
  const today = dayOf(books.clock.now());
  const { graceDays } = (await books.catalogues.current()).lapse;
  const { plans } = await keptBy(books, query, account);
  const seats = await seatsHeld(books, query, account);
  const held = [...plans, ...seats.filter((seat) => seat.before < seat.seatsOn(today))].filter(
    ({ subscription }) => isHeld(stateAt(subscription, today, graceDays)),
  );
  const sold = await soldIn(books, query, held);
  const reaches = held.flatMap(({ subscription }): readonly Reach[] => {
    const found = sold((termAt(subscription, today) ?? subscription).bought);
    if (found === undefined || isAddOn(found)) return [];
    return [{ plan: found.id, name: found.name, window: found.room.window }];
  });
  // One that nobody knows any more may be the one that reaches furthest.
  return reaches.length < held.length ? undefined : furthest(reaches);
}

/** The room of what was bought, as the catalogue of its time had it. */
function roomOf(sold: Plan | AddOn | undefined): number {
  if (sold === undefined) return 0;
  if (!isAddOn(sold)) return sold.room.filesBytes + sold.room.textBytes;
  return sold.gives.what === "room" ? sold.gives.filesBytes : 0;
}

/** Beyond the days of paying back, so many more: a device need not come back on the very day. */
const SPARE_DAYS = 7;

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
