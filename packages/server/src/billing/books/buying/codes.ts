import { KeepsakeError } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import type { Query } from "../../../db/index.ts";
import { indexOf } from "../../../keys/sealed.ts";
import { randomId, randomLetters } from "../../../keys/ids.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import type { Account } from "../accounts.ts";
import { newSubscription } from "../../providers/names.ts";
import type { Books } from "../books.ts";
import { boughtOf } from "../log/entries.ts";
import { addEntries, type Kept } from "../log/log.ts";
import { ownSubscription } from "../subscriptions.ts";
import { requireOffer } from "./buy.ts";
import { codeUses, lockGift } from "./gifts.ts";
import { insertSubscription } from "./insert.ts";
import { trialOf } from "./trials.ts";

const LETTERS = 20;
const MOST_CODES = 1000;

/** Codes as they are made: for whom they are, and how many. */
export interface Batch {
  readonly plan: string;
  readonly period: Period;
  /** How many periods each is worth. */
  readonly periods: number;
  readonly count: number;
  /** To be redeemed within so many days. */
  readonly days: number;
}

/** Makes codes, which are shown once; only their hashes are kept. */
export async function makeCodes(
  books: Books,
  { plan, period, periods, count, days }: Batch,
): Promise<readonly string[]> {
  const catalogue = await books.catalogues.current();
  requireOffer(catalogue, { plan, period });
  if (count > MOST_CODES) throw new KeepsakeError("base.limit", { details: { most: MOST_CODES } });
  const codes = Array.from({ length: count }, newCode);
  const of = { batch: randomId(), catalogue: catalogue.version, plan, period, periods };
  const untilDay = dayOf(books.clock.now()) + days;
  await books.db.transaction(async (query) => {
    for (const code of codes)
      await query
        .insertInto("giftCode")
        .values({ ...of, codeHash: hashOf(books, code), untilDay, usedBy: "", gift: null })
        .execute();
  });
  return codes;
}

/**
 * Makes the code of a gift that is paid, which is shown once; the one before it holds no longer. Throws
 * `request.not-found`, and `pay.not-now` where it is not paid, was redeemed or is over.
 */
export async function makeGiftCode(
  books: Books,
  account: Account,
  id: string,
): Promise<{ readonly code: string; readonly codeDay: number }> {
  const code = newCode();
  return books.db.transaction(async (query) => {
    await ownSubscription(query, account.id, id);
    const { row, state, codeDay } = await lockGift(books, query, id);
    const why = row.isGift === 0 ? "no-gift" : state;
    if (why !== "open") throw new KeepsakeError("pay.not-now", { details: { why } });
    const values = {
      codeHash: hashOf(books, code),
      batch: randomId(),
      ...boughtOf(row),
      periods: 1,
      untilDay: codeDay,
      usedBy: "",
      gift: id,
    };
    await query.deleteFrom("giftCode").where("gift", "=", id).execute();
    await query.insertInto("giftCode").values(values).execute();
    return { code, codeDay };
  });
}

/** Redeems a code: a subscription that is paid already. Throws `pay.no-such-code`. */
export async function redeem(books: Books, account: Account, code: string): Promise<Kept> {
  const nowMs = books.clock.now();
  const id = newSubscription();
  const codeHash = hashOf(books, code);
  return books.db.transaction(async (query) => {
    const gift = await openGift(books, query, codeHash);
    const found = await query
      .updateTable("giftCode")
      .set({ usedBy: gift === undefined ? id : codeUses.redeemed })
      .where("codeHash", "=", codeHash)
      .where("usedBy", "=", "")
      .where("untilDay", ">=", dayOf(nowMs))
      .returning(["catalogue", "plan", "period", "periods"])
      .executeTakeFirst();
    if (found === undefined) throw new KeepsakeError("pay.no-such-code");
    const bought = { catalogue: found.catalogue, plan: found.plan, period: found.period as Period };
    const replaces = (await trialOf(query, account, dayOf(nowMs)))?.row.id ?? "";
    const by = { provider: "manual", channel: "other", replaces } as const;
    await insertSubscription(query, { id, account, by, bought, nowMs });
    const { currency } =
      (await books.catalogues.ofVersion(found.catalogue, query)) ?? books.catalogues.known();
    const terms = Array.from({ length: found.periods }, (_, i): Entry => {
      const charge = `${id}-${i + 1}`;
      return { kind: "paid", id: charge, atMs: nowMs, charge, amountMinor: 0, currency, bought };
    });
    return addEntries(books, query, id, terms);
  });
}

/** The gift that a code is of; undefined where the operator made it. Nobody gets the money of it back meanwhile. */
async function openGift(books: Books, query: Query, codeHash: string): Promise<string | undefined> {
  const found = await query
    .selectFrom("giftCode")
    .select("gift")
    .where("codeHash", "=", codeHash)
    .executeTakeFirst();
  const gift = found?.gift ?? undefined;
  if (gift === undefined) return undefined;
  const { state } = await lockGift(books, query, gift);
  if (state !== "open") throw new KeepsakeError("pay.no-such-code");
  return gift;
}

function newCode(): string {
  return randomLetters(LETTERS).match(/.{5}/g)!.join("-");
}

/** However it was typed. */
function hashOf({ secrets }: Books, code: string): string {
  return indexOf(secrets, "gift-code", code.toLowerCase().replace(/[^0-9a-v]/g, ""));
}
