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
    readonly body: { readonly key: string; readonly isNew: boolean };
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
      }[];
      readonly gifts: readonly {
        readonly id: string;
        readonly provider: string;
        readonly plan: string;
        readonly period: "month" | "year";
        readonly state: "pending" | "open" | "redeemed" | "ended";
        readonly sinceDay: number;
        readonly codeDay: number;
        readonly hasCode: boolean;
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
      readonly reach?: {
        readonly plan: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly window: "all" | { readonly days: number; readonly chatsForEver: number };
      };
    };
  };
  /** Another key signs from now on: the keys of the vault were changed */
  readonly "PUT /v1/pay/account/key": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly key: string };
    readonly answer: undefined;
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
        readonly isGift: boolean;
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
  /** Begin a trial of a plan, with a ticket of the storing side; nothing is charged, and it ends by itself */
  readonly "POST /v1/pay/trials": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly plan: string; readonly input: string; readonly output: string };
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
}
