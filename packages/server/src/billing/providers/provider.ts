import type { Channel } from "@keepsake/core/plans";
import type { Bought, ProviderName, Statement } from "../dealing/statements.ts";

/**
 * A provider of payments, as the rest of the server sees it. It keeps nothing of ours: it is told what it needs, and
 * all that it says is verified. Every call may be made twice: what was done already is not done again.
 *
 * Throws `pay.provider-away` (retry "later") where the provider cannot be reached or is busy, `pay.refused` where it
 * says no, with its own code as `why`, and never shows a secret, a name or an account of a payer in an error.
 */
export interface Provider {
  readonly name: ProviderName;
  /** Where it may be used. */
  readonly channels: readonly Channel[];
  /** Who charges for further terms: the provider by itself, we on an agreement, or nobody. */
  readonly renewal: "theirs" | "ours" | "none";
  /** How much of a charge we can pay back: any part, all of it or nothing, or nothing since only its customer can ask. */
  readonly refunds: "parts" | "whole" | "theirs";
  /** No money moves: simulated, and shown so. */
  readonly isTest: boolean;
  /** What is sold under the store's own product names, where a store sells. */
  readonly products?: ReadonlyMap<string, Pick<Bought, "plan" | "period">>;
  /** Where nobody but the person can end renewal or ask for money back, this is where: `stop` and `refund` refuse. */
  readonly manageUrl?: string;
  /** Begins a purchase; the person does the rest at the provider's. */
  begin(purchase: Purchase): Promise<Begun>;
  /**
   * Reads what the provider's server calls us with. Throws `pay.bad-signature` for what is not the provider's, was
   * changed on the way, or is too old. What it says is only a hint: `look` tells the truth.
   */
  hear(call: Heard): Promise<Hint>;
  /**
   * What the phone's store gave the app after a purchase: a signed transaction, a purchase token. Says what it is about,
   * read from the provider; `look` tells the rest. Throws `pay.bad-signature` for what the store did not give.
   */
  claim?(receipt: string): Promise<About>;
  /** All that the provider says of one subscription now: every payment, every refund, and how it stands. */
  look(subscription: Known): Promise<readonly Statement[]>;
  /** Pays back a charge or a part of it. */
  refund(refund: Refund): Promise<void>;
  /** No further term is charged; what was paid stays. */
  stop(subscription: Known): Promise<void>;
  /** All money that moved in a day (UTC), for comparing with our books. */
  movements(day: string): Promise<readonly Movement[]>;
  /** Where further terms are ours to charge. */
  readonly agreements?: Agreements;
}

/** Charging on an agreement that the person signed. */
export interface Agreements {
  /** So many days ahead of the charge `announce` has to be called, and not more than one day earlier; 0 for no matter. */
  readonly announceDays: number;
  /**
   * Tells the provider of a charge ahead of it, where its rules ask for that. At hours in which it may not be called, as
   * `charge`, it throws `pay.provider-away` with `why` "hours".
   */
  announce(charge: Charge): Promise<void>;
  /** Charges once, however often it is asked for under the same name; `look` then says what became of it. */
  charge(charge: Charge): Promise<void>;
  /** The highest amount that one charge may have under the agreement; undefined for no bound. */
  mostMinor(subscription: Known): Promise<number | undefined>;
}

/** A subscription as provider and we know it. */
export interface Known {
  /** Ours: 26 letters and digits, which a provider may be told. */
  readonly subscription: string;
  /** The provider's, once there is one: an agreement, a token, a transaction. */
  readonly reference: string;
  /** When it was begun. */
  readonly sinceMs: number;
  /** The charges that we made or asked for, by our names, oldest first. */
  readonly charges: readonly string[];
  /** The refunds that we asked for: some providers tell only of those that one names. */
  readonly refunds: readonly { readonly refund: string; readonly charge: string }[];
}

/** Something to be bought. */
export interface Purchase extends Pick<Bought, "plan" | "period"> {
  readonly subscription: string;
  /** The name of the first charge: at most 32 of A-Z, a-z, 0-9, - and _. */
  readonly charge: string;
  readonly channel: Channel;
  /** What the person pays now, the store's fee included. */
  readonly amountMinor: number;
  /** The most that a further term will cost: the ceiling of an agreement. Where the provider charges by itself, all do. */
  readonly renewalMinor: number;
  readonly currency: string;
  /** Whether further terms are to be charged. Nothing but the person's own choice sets it. */
  readonly renews: boolean;
  /** What stands on the bill: the name of the plan, in the person's language. */
  readonly title: string;
  readonly language: "en" | "zh";
  /** Where the person comes back to. */
  readonly returnUrl: string;
  /** How the person pays: on this screen, on a phone's browser, inside the provider's own app. */
  readonly screen: "page" | "phone" | "inside";
  /** For providers that want it: the payer's name at the provider, which is passed on and not kept. */
  readonly payer?: string;
  /** For providers that want it: the address from which the person pays, which is passed on and not kept. */
  readonly payerAddress?: string;
}

/** What the person does next. */
export interface Begun {
  /** The provider's name of the subscription, where it has one already. */
  readonly reference: string;
  readonly next:
    | { readonly how: "redirect"; readonly url: string }
    | { readonly how: "qr"; readonly text: string }
    /** Parameters for the provider's own app or page, as it wants them. */
    | { readonly how: "inside"; readonly parameters: Readonly<Record<string, string>> }
    /** Bought in the phone's store under this product, with our name of the subscription as its account token. */
    | { readonly how: "store"; readonly product: string; readonly token: string }
    /** A transfer, with this text as its purpose. */
    | { readonly how: "transfer"; readonly to: string; readonly purpose: string }
    | { readonly how: "nothing" };
}

/** A call of the provider's server, as it came. */
export interface Heard {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a call of the provider is about. */
export interface Hint {
  /** The provider's id of the call: one that comes again is not worked on again. */
  readonly id: string;
  /** Which subscriptions to look at. */
  readonly about: readonly About[];
  /** What the provider's server is answered once the hint is kept. */
  readonly answer: { readonly status: number; readonly type: string; readonly body: string };
}

/**
 * A subscription that somebody spoke of: by our name, by the provider's, or by both. Where both are told, the reference
 * is the one to keep from now on.
 */
export type About =
  | { readonly subscription: string; readonly reference?: string }
  | { readonly subscription?: undefined; readonly reference: string };

export interface Charge extends Known {
  readonly charge: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly title: string;
  /** The day that was told to the person: not before it. */
  readonly dueMs: number;
}

export interface Refund extends Known {
  /** At most 32 letters, unique. */
  readonly refund: string;
  readonly charge: string;
  readonly chargeMinor: number;
  readonly amountMinor: number;
  readonly currency: string;
}

/** Money that moved at a provider. */
export interface Movement {
  /** The provider's id. */
  readonly id: string;
  readonly atMs: number;
  /** Ours, where the provider keeps it. */
  readonly charge: string;
  /** In is positive, out negative. */
  readonly amountMinor: number;
  readonly currency: string;
}
