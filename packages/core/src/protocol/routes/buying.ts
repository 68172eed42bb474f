/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface BuyingRoutes {
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
      readonly isGift?: boolean;
    };
    readonly answer: {
      readonly priceMinor: number;
      readonly reductionMinor: number;
      readonly creditMinor: number;
      readonly extraDays: number;
      readonly storeFeeMinor: number;
      readonly amountMinor: number;
      readonly renewalMinor: number;
      readonly later?: { readonly terms: number; readonly amountMinor: number };
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
      readonly isGift?: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
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
      readonly isAddOn: boolean;
      readonly isGift: boolean;
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
      readonly hadTrial: boolean;
      readonly isProviderGone: boolean;
      readonly isTest: boolean;
    };
  };
  /** Get the code of a gift that is paid, this once; the one before it holds no longer */
  readonly "POST /v1/pay/subscriptions/{id}/gift": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly code: string; readonly codeDay: number };
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
        readonly hasRoom: boolean;
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
