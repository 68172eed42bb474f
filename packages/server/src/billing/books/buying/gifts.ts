import type { Period } from "@keepsake/core/plans";
import type { Query } from "../../../db/index.ts";
import { addPeriods, dayOf } from "../../dealing/calendar.ts";
import type { ProviderName } from "../../dealing/statements.ts";
import type { PaidTerm } from "../../dealing/subscription.ts";
import type { Account } from "../accounts.ts";
import type { Books } from "../books.ts";
import { lockSubscription, read, type Kept } from "../log/log.ts";
import { subscriptionsOf } from "../subscriptions.ts";

/** The code of a gift can be redeemed for so many years from the day on which it was paid. */
const CODE_YEARS = 3;

/**
 * What stands beside the code of a gift: that it was redeemed, and not by whom; or that its money is on the way back to
 * who paid it.
 */
export const codeUses = { redeemed: "redeemed", returned: "returned" } as const;

export const giftStates = ["pending", "open", "redeemed", "ended"] as const;

/**
 * How a gift stands: `pending` is not paid yet, `open` is paid and waits for whoever has its code, `ended` was never
 * paid, was paid back, or waited for too long.
 */
type GiftState = (typeof giftStates)[number];

interface Standing {
  readonly state: GiftState;
  /** The last day on which its code can be redeemed; 0 while it is not paid. */
  readonly codeDay: number;
  /** Whether there is a code that was made: another one takes its place. */
  readonly hasCode: boolean;
}

/** A gift as its giver sees it: whether it was redeemed, and never by whom. */
export interface Gift extends Standing {
  readonly id: string;
  readonly provider: string;
  readonly plan: string;
  readonly period: Period;
  readonly sinceDay: number;
  readonly isTest: boolean;
}

/** What an account bought to give away, the newest first. */
export async function giftsOf(books: Books, account: Account): Promise<readonly Gift[]> {
  const all = (await subscriptionsOf(books.db.query, account.id)).filter(({ row }) => row.isGift === 1);
  return Promise.all(
    all.map(async (kept) => {
      const { id, provider, plan, period, sinceDay } = kept.row;
      const isTest = books.providers.get(provider as ProviderName)?.isTest === true;
      const stands = await standingOf(books, books.db.query, kept);
      return { id, provider, plan, period: period as Period, sinceDay, isTest, ...stands };
    }),
  );
}

/**
 * Whether who paid a gift may have its money back: nobody redeemed it, and it is not long ago. What was begun is gone on
 * with.
 */
export async function mayTakeBack(books: Books, query: Query, { row, subscription }: Kept): Promise<boolean> {
  const { refundDays } = books.catalogues.known();
  const [term] = subscription.terms;
  if (term === undefined || term.amountMinor === 0 || isPaidBack(term)) return false;
  const used = (await codeOf(query, row.id))?.usedBy ?? "";
  const isEarly = dayOf(books.clock.now()) < term.fromDay + refundDays;
  return used === codeUses.returned || (used === "" && isEarly);
}

/**
 * How a gift stands, as a part of a transaction: whoever else wants a code for it, its money or what it is worth waits
 * until that has ended. Throws `request.not-found`.
 */
export async function lockGift(books: Books, query: Query, id: string): Promise<Kept & Standing> {
  const row = await lockSubscription(query, id);
  const kept = { row, subscription: read(row) };
  return { ...kept, ...(await standingOf(books, query, kept)) };
}

async function standingOf({ clock }: Books, query: Query, { row, subscription }: Kept): Promise<Standing> {
  const term = [...subscription.terms, ...subscription.gone][0];
  if (term === undefined)
    return { state: subscription.isPending ? "pending" : "ended", codeDay: 0, hasCode: false };
  const codeDay = addPeriods(term.fromDay, "year", CODE_YEARS);
  const code = await codeOf(query, row.id);
  const hasCode = code !== undefined;
  if (code?.usedBy === codeUses.redeemed) return { state: "redeemed", codeDay, hasCode };
  const isBack = isPaidBack(term) || code?.usedBy === codeUses.returned;
  const isOver = isBack || dayOf(clock.now()) > codeDay;
  return { state: isOver ? "ended" : "open", codeDay, hasCode };
}

function codeOf(query: Query, gift: string): Promise<{ readonly usedBy: string } | undefined> {
  return query.selectFrom("giftCode").select("usedBy").where("gift", "=", gift).executeTakeFirst();
}

function isPaidBack({ isRevoked = false, amountMinor, refundedMinor }: PaidTerm): boolean {
  return isRevoked || (amountMinor > 0 && refundedMinor >= amountMinor);
}
