/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface PayRoutes {
  /** The ways to pay; none where nothing is sold */
  readonly "GET /v1/pay": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly ways: readonly {
        readonly provider: string;
        readonly channels: readonly ("web" | "iphone" | "android" | "other")[];
        readonly mayRenew: boolean;
        readonly isTest: boolean;
        readonly manageUrl?: string;
      }[];
    };
  };
  /** The account of a key that was made for paying alone: the one that there is, or a new one */
  readonly "POST /v1/pay/account": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly key: string };
    readonly answer: { readonly account: string };
  };
  /** What an account has, was told, and where it hears of charges */
  readonly "GET /v1/pay/account": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly subscriptions: readonly {
        readonly id: string;
        readonly provider: string;
        readonly channel: "web" | "iphone" | "android" | "other";
        readonly plan: string;
        readonly period: "month" | "year";
        readonly state:
          "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
        readonly sinceDay: number;
        readonly untilDay: number;
        readonly renews: boolean;
        readonly mayRenew: boolean;
        readonly mayPause: boolean;
        readonly next?: { readonly plan: string; readonly period: "month" | "year" };
        readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
        readonly manageUrl?: string;
        readonly isProviderGone: boolean;
        readonly isTest: boolean;
      }[];
      readonly notices: readonly {
        readonly id: string;
        readonly message: string;
        readonly aboutDay: number;
        readonly amountMinor: number;
        readonly currency: string;
        readonly madeDay: number;
        readonly channels: readonly {
          readonly channel: string;
          readonly state: string;
          readonly deliveredDay: number;
        }[];
      }[];
      readonly contacts: readonly {
        readonly id: string;
        readonly kind: "email" | "phone";
        readonly masked: string;
      }[];
      readonly levels: readonly {
        readonly fromDay: number;
        readonly untilDay: number;
        readonly levelBytes: number;
      }[];
    };
  };
  /** A device has shown these notices: that counts as delivered */
  readonly "POST /v1/pay/notices": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly shown: readonly string[] };
    readonly answer: undefined;
  };
  /** Get blinded tickets for what is paid for: nobody can tell later whose they were */
  readonly "POST /v1/pay/tickets": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly tickets: readonly {
        readonly kind: "week" | "keep";
        readonly period: number;
        readonly levelBytes: number;
        readonly cell: number;
        readonly blinded: string;
      }[];
    };
    readonly answer: { readonly tickets: readonly { readonly evaluated: string; readonly proof: string }[] };
  };
  /** Send a code to where an account wants to hear of charges */
  readonly "POST /v1/pay/contacts": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly contact: { readonly kind: "email" | "phone"; readonly to: string } };
    readonly answer: { readonly id: string };
  };
  /** Give that code back */
  readonly "PUT /v1/pay/contacts/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly code: string };
    readonly answer: { readonly id: string; readonly kind: "email" | "phone"; readonly masked: string };
  };
  /** No longer hear of charges there */
  readonly "DELETE /v1/pay/contacts/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Everything that an account paid */
  readonly "GET /v1/pay/receipts": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly receipts: readonly {
        readonly subscription: string;
        readonly charge: string;
        readonly provider: string;
        readonly plan: string;
        readonly period: "month" | "year";
        readonly fromDay: number;
        readonly untilDay: number;
        readonly amountMinor: number;
        readonly storeFeeMinor: number;
        readonly creditMinor: number;
        readonly refundedMinor: number;
        readonly isTrial: boolean;
        readonly currency: string;
        readonly invoice?: { readonly id: string; readonly state: string; readonly number: string };
      }[];
    };
  };
  /** Ask for a bill for a payment; its title, tax number and address are kept sealed */
  readonly "POST /v1/pay/invoices": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly charge: string;
      readonly title: string;
      readonly taxNumber: string;
      readonly email: string;
    };
    readonly answer: undefined;
  };
  /** What something would cost, line by line; nothing is begun */
  readonly "POST /v1/pay/offers": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly plan: string;
      readonly period: "month" | "year";
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly provider: string;
      readonly replaces?: string;
      readonly coupon?: string;
    };
    readonly answer: {
      readonly priceMinor: number;
      readonly reductionMinor: number;
      readonly creditMinor: number;
      readonly extraDays: number;
      readonly storeFeeMinor: number;
      readonly amountMinor: number;
      readonly renewalMinor: number;
      readonly currency: string;
      readonly isTest: boolean;
      readonly mayRenew: boolean;
    };
  };
  /** Begin to buy; nothing is charged before the person pays at the provider's */
  readonly "POST /v1/pay/subscriptions": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly plan: string;
      readonly period: "month" | "year";
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly provider: string;
      readonly replaces?: string;
      readonly coupon?: string;
      readonly renews: boolean;
      readonly screen: "page" | "phone" | "inside";
      readonly returnUrl: string;
      readonly payer?: string;
    };
    readonly answer: {
      readonly id: string;
      readonly next:
        | { readonly how: "redirect"; readonly url: string }
        | { readonly how: "qr"; readonly text: string }
        | { readonly how: "inside"; readonly parameters: Readonly<Record<string, string>> }
        | { readonly how: "store"; readonly product: string; readonly token: string }
        | { readonly how: "transfer"; readonly to: string; readonly purpose: string }
        | { readonly how: "nothing" };
    };
  };
  /** How a subscription stands, asked of its provider */
  readonly "GET /v1/pay/subscriptions/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** Give what the phone's store gave to the app after a purchase */
  readonly "POST /v1/pay/subscriptions/{id}/claim": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly receipt: string };
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** Whether further terms are charged */
  readonly "PUT /v1/pay/subscriptions/{id}/renewal": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly isOn: boolean };
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** Stop for a while, or go on: the days between are not used up */
  readonly "PUT /v1/pay/subscriptions/{id}/pause": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly isPaused: boolean };
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** Another plan from the next term on; nothing that is stored goes */
  readonly "PUT /v1/pay/subscriptions/{id}/next": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly plan: string; readonly period: "month" | "year" };
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** The same plan again for the next term */
  readonly "DELETE /v1/pay/subscriptions/{id}/next": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** What would be paid back, should it end now */
  readonly "GET /v1/pay/subscriptions/{id}/refund": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly refunds: readonly { readonly charge: string; readonly amountMinor: number }[];
    };
  };
  /** End it now, and pay back what is due */
  readonly "POST /v1/pay/subscriptions/{id}/refund": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** Redeem a code for a plan */
  readonly "POST /v1/pay/codes": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly code: string };
    readonly answer: {
      readonly id: string;
      readonly provider: string;
      readonly channel: "web" | "iphone" | "android" | "other";
      readonly plan: string;
      readonly period: "month" | "year";
      readonly state:
        "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
      readonly sinceDay: number;
      readonly untilDay: number;
      readonly renews: boolean;
      readonly mayRenew: boolean;
      readonly mayPause: boolean;
      readonly next?: { readonly plan: string; readonly period: "month" | "year" };
      readonly charge?: { readonly day: number; readonly amountMinor: number; readonly currency: string };
      readonly manageUrl?: string;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** The places in a family's plan: whether they were taken, and nothing else of who took them */
  readonly "GET /v1/pay/subscriptions/{id}/seats": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly seats: readonly {
        readonly id: string;
        readonly roomBytes: number;
        readonly isTaken: boolean;
      }[];
    };
  };
  /** Give a part of the room to somebody else, by a code */
  readonly "POST /v1/pay/subscriptions/{id}/seats": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly roomBytes: number };
    readonly answer: { readonly seat: string; readonly code: string };
  };
  /** Take a place in somebody's plan by its code */
  readonly "POST /v1/pay/seats": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly code: string };
    readonly answer: undefined;
  };
  /** Take a place back, or leave it: what is stored stays */
  readonly "DELETE /v1/pay/seats/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
}
