import type { Generated } from "kysely";

/*
 * The billing side's own tables. None of them names a member, a vault or a session, and all of them count in days: what
 * needs a time of day lies sealed under a key that is not in the database.
 */

/** Who pays: a key that was made for this alone. */
export interface AccountTable {
  readonly id: string;
  /** The Ed25519 key that signs its requests, in hex. */
  readonly publicKey: string;
  /** Of mails and bills. */
  readonly language: string;
}

/** Where an account hears of charges, besides on a device. */
export interface AccountContactTable {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
  readonly sealed: Uint8Array;
}

/** One thing that is bought: what its log comes to, so that lists need not read it. */
export interface SubscriptionTable {
  readonly id: string;
  readonly account: string;
  readonly provider: string;
  readonly channel: string;
  /** What the provider calls it: a hash to find it by, and itself, sealed. Empty while there is none. */
  readonly referenceIndex: string;
  readonly reference: Uint8Array | null;
  readonly catalogue: number;
  readonly plan: string;
  readonly period: string;
  readonly sinceDay: number;
  readonly untilDay: number;
  /** JSON: what its log comes to. */
  readonly text: string;
  /** How many entries that was read from. */
  readonly entries: number;
  /** The day on which the daily round has to look at it again; null for never. */
  readonly lookDay: number | null;
  /** An earlier subscription whose worth is taken off this one's price, once it is paid. */
  readonly replaces: string;
  /** 1 where it was bought for somebody else: its account has nothing of it but a code. */
  readonly isGift: number;
}

/** An entry of a subscription's log. Nothing changes it, and nothing takes it away. */
export interface SubscriptionEntryTable {
  readonly subscription: string;
  /** A hash of the entry's id. */
  readonly entry: string;
  readonly kind: string;
  readonly day: number;
  readonly sealed: Uint8Array;
}

/** One payment that is asked for. */
export interface ChargeTable {
  /** The subscription, a hyphen and a number: what providers are told. */
  readonly name: string;
  readonly subscription: string;
  readonly state: "open" | "told" | "trying" | "paid" | "given-up";
  readonly amountMinor: number;
  readonly currency: string;
  readonly dueDay: number;
  /** JSON: the days on which it was tried. */
  readonly tried: string;
  /** When its provider was told of it ahead; 0 while it was not. */
  readonly announcedDay: number;
  /** The name of the refund that was asked for, how much, and when; empty and 0 without one. */
  readonly refund: string;
  readonly refundMinor: number;
  readonly refundDay: number;
}

/** Money that the operator saw come in or go out, where no provider tells. */
export interface SeenPaymentTable {
  readonly id: string;
  readonly subscription: string;
  readonly day: number;
  readonly sealed: Uint8Array;
}

/** A line of the ledger. Lines of one cause come to nothing in sum. Nothing changes them. */
export interface LedgerTable {
  readonly number: Generated<number>;
  readonly day: number;
  /** What made it: a hash of an entry's id. */
  readonly cause: string;
  readonly account: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly subscription: string;
}

/** Something that an account is told: of a charge, of an end. */
export interface BillNoticeTable {
  readonly id: string;
  readonly account: string;
  readonly subscription: string;
  readonly message: string;
  /** `device`, `email` or `phone`. */
  readonly channel: string;
  readonly state: "queued" | "delivered" | "failed";
  /** The day of the charge, or of the end, that it tells of, and the amount. */
  readonly aboutDay: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly madeDay: number;
  readonly deliveredDay: number;
}

/** A code that is worth a plan for some periods. */
export interface GiftCodeTable {
  readonly codeHash: string;
  readonly batch: string;
  readonly catalogue: number;
  readonly plan: string;
  readonly period: string;
  readonly periods: number;
  readonly untilDay: number;
  /** The subscription that it was redeemed for; empty until then. Of a gift only that it was, and not for which. */
  readonly usedBy: string;
  /** The subscription that was bought to be given away by it; null where the operator made it. */
  readonly gift: string | null;
}

/** A code for who has shown that they may pay less. */
export interface ProofCodeTable {
  readonly codeHash: string;
  readonly batch: string;
  /** The catalogue's name of the reduction. */
  readonly reduction: string;
  readonly untilDay: number;
  /** The subscription that it was used for; empty until then. */
  readonly usedBy: string;
}

/** A bill that somebody asked for, with whom it is made out to. */
export interface InvoiceTable {
  readonly id: string;
  readonly account: string;
  readonly charge: string;
  readonly askedDay: number;
  /** Title, tax number and where it goes. */
  readonly sealed: Uint8Array;
  readonly state: "asked" | "issued" | "refused";
  /** Of the bill, once it is issued. */
  readonly number: string;
}

/** A place in a family's plan. */
export interface SeatTable {
  readonly id: string;
  readonly subscription: string;
  readonly roomBytes: number;
  readonly codeHash: string;
  /** The account that took it; empty until then. */
  readonly account: string;
}

/** Calls of providers that were heard, so that none is worked on twice. */
export interface HeardCallTable {
  readonly id: string;
  readonly day: number;
}

/** What a comparison of our books with a provider's came to. */
export interface ReconciliationTable {
  readonly provider: string;
  readonly day: number;
  /** JSON. */
  readonly text: string;
}
