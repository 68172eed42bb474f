/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface OperatorRoutes {
  /** Members, by their ids alone */
  readonly "GET /v1/operator/members": {
    readonly params: {};
    readonly query: { readonly after?: string };
    readonly body: undefined;
    readonly answer: {
      readonly members: readonly {
        readonly id: string;
        readonly createdMs: number;
        readonly state: string;
        readonly isOperator: boolean;
        readonly quotaBytes: number;
        readonly usedBytes: number;
        readonly trashedBytes: number;
      }[];
      readonly isEnd: boolean;
    };
  };
  /** How much is stored by how many, and how these stand */
  readonly "GET /v1/operator/sums": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly members: number;
      readonly states: readonly { readonly state: string; readonly count: number }[];
      readonly lapses: readonly { readonly state: string; readonly count: number }[];
      readonly levels: readonly {
        readonly levelBytes: number;
        readonly members: number;
        readonly usedBytes: number;
      }[];
      readonly vaults: number;
      readonly objects: number;
      readonly usedBytes: number;
      readonly trashedBytes: number;
    };
  };
  /** Jobs that failed when they were tried last */
  readonly "GET /v1/operator/jobs": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly jobs: readonly {
        readonly kind: string;
        readonly madeMs: number;
        readonly code: string;
        readonly isGivenUp: boolean;
      }[];
    };
  };
  /** Invite one member */
  readonly "POST /v1/operator/invitations": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly quotaBytes?: number; readonly days?: number };
    readonly answer: { readonly invitation: string; readonly untilMs: number };
  };
  /** Set what a member may store */
  readonly "PUT /v1/operator/members/{id}/quota": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly quotaBytes: number };
    readonly answer: undefined;
  };
  /** End a membership after seven days in which its devices and contacts are told each day */
  readonly "POST /v1/operator/members/{id}/closing": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly by: "member" | "operator";
      readonly receipt: string;
      readonly beganMs: number;
      readonly daysLeft: number;
    };
  };
  /** Take that back */
  readonly "DELETE /v1/operator/members/{id}/closing": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Remove nothing of a member for want of payment or of use, as long as this stands */
  readonly "PUT /v1/operator/members/{id}/hold": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** End that */
  readonly "DELETE /v1/operator/members/{id}/hold": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** What operators did: each entry is signed, and has the hash of the one before */
  readonly "GET /v1/operator/log": {
    readonly params: {};
    readonly query: { readonly after?: string };
    readonly body: undefined;
    readonly answer: {
      readonly entries: readonly {
        readonly number: number;
        readonly atMs: number;
        readonly kind: string;
        readonly who: string;
        readonly details: string;
        readonly before: string;
        readonly signature: string;
      }[];
    };
  };
  /** Subscriptions by plan and state, what was sold, who left, what is left of prices */
  readonly "GET /v1/operator/pay/report": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly currency: string;
      readonly standing: readonly {
        readonly plan: string;
        readonly state:
          "pending" | "trial" | "active" | "grace" | "past-due" | "paused" | "canceled" | "expired" | "ended";
        readonly count: number;
      }[];
      readonly months: readonly {
        readonly month: string;
        readonly plan: string;
        readonly soldMinor: number;
      }[];
      readonly churn: { readonly ended: number; readonly of: number };
      readonly margins: readonly { readonly plan: string; readonly leftMinor: number }[];
      readonly failedCharges: number;
      readonly notices: readonly {
        readonly message: string;
        readonly state: string;
        readonly count: number;
      }[];
    };
  };
  /** What the nightly comparison with each provider found */
  readonly "GET /v1/operator/pay/comparisons": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly days: readonly {
        readonly provider: string;
        readonly day: number;
        readonly theirMovements: number;
        readonly theirMinor: number;
        readonly ourMinor: number;
        readonly unknown: readonly string[];
        readonly looked: number;
      }[];
    };
  };
  /** The ledger of some days as CSV, for accounting */
  readonly "GET /v1/operator/pay/ledger": {
    readonly params: {};
    readonly query: { readonly from: string; readonly until: string };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Make codes that are worth a plan; they are shown once */
  readonly "POST /v1/operator/pay/codes": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly plan: string;
      readonly period: "month" | "year";
      readonly periods: number;
      readonly count: number;
      readonly days: number;
    };
    readonly answer: { readonly codes: readonly string[] };
  };
  /** Make codes for those who have shown that they may pay less; they are shown once */
  readonly "POST /v1/operator/pay/proofs": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly reduction: string; readonly count: number; readonly days: number };
    readonly answer: { readonly codes: readonly string[] };
  };
  /** Money that was seen at the bank for a transfer; negative where it was paid back */
  readonly "POST /v1/operator/pay/seen": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly subscription: string; readonly name: string; readonly amountMinor: number };
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
  /** Transfers that are to be seen at the bank, and money that is to be sent back by hand */
  readonly "GET /v1/operator/pay/waiting": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly transfers: readonly {
        readonly subscription: string;
        readonly plan: string;
        readonly period: "month" | "year";
        readonly amountMinor: number;
        readonly currency: string;
        readonly day: number;
        readonly purpose: string;
      }[];
      readonly refunds: readonly {
        readonly subscription: string;
        readonly plan: string;
        readonly period: "month" | "year";
        readonly amountMinor: number;
        readonly currency: string;
        readonly day: number;
        readonly purpose: string;
      }[];
    };
  };
  /** Bills that are to be written */
  readonly "GET /v1/operator/pay/invoices": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly invoices: readonly {
        readonly id: string;
        readonly charge: string;
        readonly askedDay: number;
        readonly amountMinor: number;
        readonly currency: string;
        readonly title: string;
        readonly taxNumber: string;
        readonly email: string;
      }[];
    };
  };
  /** A bill was written and sent: its number */
  readonly "PUT /v1/operator/pay/invoices/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: { readonly number: string };
    readonly answer: undefined;
  };
}
