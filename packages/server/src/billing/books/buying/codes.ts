import { KeepsakeError } from "@keepsake/core/base";
import type { Period } from "@keepsake/core/plans";
import { indexOf } from "../../../keys/sealed.ts";
import { randomId, randomLetters } from "../../../keys/ids.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Entry } from "../../dealing/deeds.ts";
import type { Account } from "../accounts.ts";
import { newSubscription } from "../../providers/names.ts";
import type { Books } from "../books.ts";
import { addEntries, type Kept } from "../log.ts";
import { requireOffer } from "./buy.ts";
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
  const codes = Array.from({ length: count }, () => randomLetters(LETTERS).match(/.{5}/g)!.join("-"));
  const of = { batch: randomId(), catalogue: catalogue.version, plan, period, periods };
  const untilDay = dayOf(books.clock.now()) + days;
  await books.db.transaction(async (query) => {
    for (const code of codes)
      await query
        .insertInto("giftCode")
        .values({ ...of, codeHash: hashOf(books, code), untilDay, usedBy: "" })
        .execute();
  });
  return codes;
}

/** Redeems a code: a subscription that is paid already. Throws `pay.no-such-code`. */
export async function redeem(books: Books, account: Account, code: string): Promise<Kept> {
  const nowMs = books.clock.now();
  const id = newSubscription();
  return books.db.transaction(async (query) => {
    const found = await query
      .updateTable("giftCode")
      .set({ usedBy: id })
      .where("codeHash", "=", hashOf(books, code))
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
      (await books.catalogues.ofVersion(found.catalogue, query)) ?? (await books.catalogues.current());
    const terms = Array.from({ length: found.periods }, (_, i): Entry => {
      const charge = `${id}-${i + 1}`;
      return { kind: "paid", id: charge, atMs: nowMs, charge, amountMinor: 0, currency, bought };
    });
    return addEntries(books, query, id, terms);
  });
}

/** However it was typed. */
function hashOf({ secrets }: Books, code: string): string {
  return indexOf(secrets, "gift-code", code.toLowerCase().replace(/[^0-9a-v]/g, ""));
}
