import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../../db/index.ts";
import { randomId } from "../../../keys/ids.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { boughtOf } from "../log/entries.ts";
import type { Kept } from "../log/log.ts";
import { ownSubscription } from "../subscriptions.ts";
import { codeUses, lockGift, mayTakeBack } from "./gifts.ts";
import { payBack, refundable, type Back } from "./refund.ts";

/**
 * What would be paid back, should somebody end what they bought: of a gift all of it, as long as nobody has redeemed it
 * and it is not long ago.
 */
export async function returnable(books: Books, account: Account, id: string): Promise<readonly Back[]> {
  const kept = await ownSubscription(books.db.query, account.id, id);
  const isOver = kept.row.isGift === 1 && !(await mayTakeBack(books, books.db.query, kept));
  return isOver ? [] : refundable(books, account, id);
}

/**
 * Ends what somebody bought and pays back what is due. The code of a gift holds no more once that is decided, so
 * that of who redeems it and who wants its money only one gets it; where the provider refuses, it holds again. Throws
 * `pay.not-now`, and what `payBack` throws.
 */
export async function takeBack(books: Books, account: Account, id: string): Promise<Kept> {
  const { row } = await ownSubscription(books.db.query, account.id, id);
  if (row.isGift === 0) return payBack(books, account, id);
  try {
    return await payBack(books, account, id, (query) => hold(books, query, id));
  } catch (error) {
    if (KeepsakeError.is(error, "pay.refused")) await release(books, id);
    throw error;
  }
}

/** Nobody redeems a gift from here on. Where no code was made yet, one that nobody knows stands for it. */
async function hold(books: Books, query: Query, id: string): Promise<void> {
  const kept = await lockGift(books, query, id);
  if (!(await mayTakeBack(books, query, kept)))
    throw new KeepsakeError("pay.not-now", { details: { why: "nothing-due" } });
  const usedBy = codeUses.returned;
  if (kept.hasCode) {
    await query.updateTable("giftCode").set({ usedBy }).where("gift", "=", id).execute();
    return;
  }
  const ofNobody = { codeHash: randomId(), batch: randomId(), periods: 1, untilDay: kept.codeDay };
  await query
    .insertInto("giftCode")
    .values({ ...ofNobody, ...boughtOf(kept.row), usedBy, gift: id })
    .execute();
}

/** No money was sent: whoever has the code may redeem it again. */
async function release({ db }: Books, id: string): Promise<void> {
  await db.query
    .updateTable("giftCode")
    .set({ usedBy: "" })
    .where("gift", "=", id)
    .where("usedBy", "=", codeUses.returned)
    .execute();
}
