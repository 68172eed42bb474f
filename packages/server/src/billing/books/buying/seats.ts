import { KeepsakeError } from "@keepsake/core/base";
import { indexOf } from "../../../keys/sealed.ts";
import { randomId, randomLetters } from "../../../keys/ids.ts";
import type { Query } from "../../../db/index.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { boughtOf } from "../log/entries.ts";
import { seatsOn } from "../places.ts";
import { heldSubscription, subscriptionRow } from "../subscriptions.ts";

const LETTERS = 20;

/** A place in a family's plan, as the payer sees it: whether it was taken, and never what is done with it. */
export interface Seat {
  readonly id: string;
  readonly roomBytes: number;
  readonly isTaken: boolean;
  /** Whether it has its room today: one of those that are too many has none, once places are no longer paid for. */
  readonly hasRoom: boolean;
}

/** The places of a subscription, its payer's own not among them. */
export async function seatsOf(books: Books, account: Account, id: string): Promise<readonly Seat[]> {
  const kept = await heldSubscription(books.db.query, account.id, id);
  const places = (await seatsOn(books, books.db.query, kept))(dayOf(books.clock.now()));
  const rows = await seatRows(books.db.query, id);
  return rows.map((seat, i) => ({ ...seat, hasRoom: i < places }));
}

async function seatRows(query: Query, subscription: string): Promise<readonly Omit<Seat, "hasRoom">[]> {
  const rows = await query
    .selectFrom("seat")
    .select(["id", "roomBytes", "account"])
    .where("subscription", "=", subscription)
    .orderBy("id")
    .execute();
  return rows.map(({ id, roomBytes, account }) => ({ id, roomBytes, isTaken: account !== "" }));
}

/** Gives a part of the room to somebody else, who takes it by a code. Throws `pay.not-now` where there is no more to give. */
export async function giveSeat(
  books: Books,
  account: Account,
  id: string,
  roomBytes: number,
): Promise<{ readonly seat: string; readonly code: string }> {
  const code = randomLetters(LETTERS).match(/.{5}/g)!.join("-");
  const seat = randomId();
  await books.db.transaction(async (query) => {
    const { row } = await heldSubscription(query, account.id, id);
    // Two that give at once wait for each other.
    await query.updateTable("subscription").set({ id }).where("id", "=", id).execute();
    const { catalogue, plan } = boughtOf(row);
    const found = (await books.catalogues.ofVersion(catalogue, query))?.plans.find(
      (each) => each.id === plan,
    );
    const places = (await seatsOn(books, query, { row }))(dayOf(books.clock.now()));
    const given = await seatRows(query, id);
    const givenBytes = given.reduce((sum, each) => sum + each.roomBytes, 0);
    const leftBytes = found === undefined ? 0 : found.room.filesBytes + found.room.textBytes - givenBytes;
    if (found === undefined || given.length >= places || roomBytes > leftBytes)
      throw new KeepsakeError("pay.not-now", { details: { why: "no-seat-left", leftBytes } });
    const codeHash = hashOf(books, code);
    await query
      .insertInto("seat")
      .values({ id: seat, subscription: id, roomBytes, codeHash, account: "" })
      .execute();
  });
  return { seat, code };
}

/** Takes a place by its code, once. Throws `pay.no-such-code`. */
export async function takeSeat(books: Books, account: Account, code: string): Promise<void> {
  const { numUpdatedRows } = await books.db.query
    .updateTable("seat")
    .set({ account: account.id })
    .where("codeHash", "=", hashOf(books, code))
    .where("account", "=", "")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new KeepsakeError("pay.no-such-code");
}

/** Takes a place back, or leaves it: who held it keeps what is stored, and stores nothing more by it. */
export async function endSeat(books: Books, account: Account, seat: string): Promise<void> {
  const row = await books.db.query.selectFrom("seat").selectAll().where("id", "=", seat).executeTakeFirst();
  const payer = row === undefined ? undefined : await subscriptionRow(books.db.query, row.subscription);
  if (row === undefined || (row.account !== account.id && payer?.account !== account.id))
    throw new KeepsakeError("request.not-found");
  await books.db.query.deleteFrom("seat").where("id", "=", seat).execute();
}

function hashOf({ secrets }: Books, code: string): string {
  return indexOf(secrets, "seat-code", code.toLowerCase().replace(/[^0-9a-v]/g, ""));
}
