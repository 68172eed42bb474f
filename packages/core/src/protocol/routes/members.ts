/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface MembersRoutes {
  /** What this server is: its protocol, who may sign up, the key of its receipts */
  readonly "GET /v1/server": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly protocol: number;
      readonly signUp: "invitation" | "open";
      readonly receiptKey: string;
      readonly trashDays: number;
      readonly guards: readonly string[];
      readonly areGuardsApart: boolean;
      readonly isDirect: boolean;
    };
  };
  /** The catalogue: plans with their room, prices by channel, and the terms */
  readonly "GET /v1/plans": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly version: number;
      readonly currency: string;
      readonly plans: readonly {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly room: {
          readonly filesBytes: number;
          readonly textBytes: number;
          readonly window: "all" | { readonly days: number; readonly chatsForEver: number };
        };
        readonly seats: number;
        readonly trialDays: number;
        readonly offers: readonly {
          readonly period: "month" | "year";
          readonly prices: {
            readonly web: { readonly priceMinor: number; readonly storeFeeMinor: number };
            readonly iphone: { readonly priceMinor: number; readonly storeFeeMinor: number };
            readonly android: { readonly priceMinor: number; readonly storeFeeMinor: number };
            readonly other: { readonly priceMinor: number; readonly storeFeeMinor: number };
          };
        }[];
      }[];
      readonly addOns: readonly {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly gives:
          | { readonly what: "room"; readonly filesBytes: number }
          | { readonly what: "seats"; readonly seats: number }
          | { readonly what: "evidence" };
        readonly offers: readonly {
          readonly period: "month" | "year";
          readonly prices: {
            readonly web: { readonly priceMinor: number; readonly storeFeeMinor: number };
            readonly iphone: { readonly priceMinor: number; readonly storeFeeMinor: number };
            readonly android: { readonly priceMinor: number; readonly storeFeeMinor: number };
            readonly other: { readonly priceMinor: number; readonly storeFeeMinor: number };
          };
        }[];
      }[];
      readonly reductions: readonly {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly percentOff: number;
        readonly periods?: number;
        readonly needs: "coupon" | "student" | "family";
        readonly untilMs?: number;
      }[];
      readonly lapse: {
        readonly graceDays: number;
        readonly exportDays: number;
        readonly noticeDays: readonly number[];
        readonly quarantineDays: number;
      };
      readonly refundDays: number;
      readonly fairRestoresAYear: number;
    };
  };
  /** Have a code sent to a contact, to sign up with it */
  readonly "POST /v1/sign-up/contact": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly contact: { readonly kind: "email" | "phone"; readonly to: string };
      readonly invitation?: string;
    };
    readonly answer: { readonly id: string };
  };
  /** Give the code back: a ticket to sign up with the contact */
  readonly "POST /v1/sign-up/code": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly id: string; readonly code: string };
    readonly answer: { readonly contact: string };
  };
  /** Begin to sign up: a name, or none; an invitation where the server asks for one */
  readonly "POST /v1/sign-up/start": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly name?: string;
      readonly invitation?: string;
      readonly contact?: string;
      readonly registrationRequest: string;
    };
    readonly answer: {
      readonly name: string;
      readonly ticket: string;
      readonly registration: string;
      readonly registrationResponse: string;
    };
  };
  /** Become a member, with a session for this device */
  readonly "POST /v1/sign-up/finish": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly ticket: string;
      readonly registration: string;
      readonly registrationRecord: string;
      readonly device: {
        readonly key: string;
        readonly platform: "cli" | "agent" | "web" | "phone" | "other";
      };
    };
    readonly answer: {
      readonly member: string;
      readonly session: string;
      readonly token: string;
      readonly fullFromMs: number;
    };
  };
  /** Begin to log in by name and password */
  readonly "POST /v1/login/start": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly name: string; readonly startLoginRequest: string };
    readonly answer: { readonly ticket: string; readonly loginResponse: string };
  };
  /** Log in: a session for this device */
  readonly "POST /v1/login/finish": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly ticket: string;
      readonly finishLoginRequest: string;
      readonly device: {
        readonly key: string;
        readonly platform: "cli" | "agent" | "web" | "phone" | "other";
      };
      readonly totp?: string;
    };
    readonly answer: {
      readonly member: string;
      readonly session: string;
      readonly token: string;
      readonly fullFromMs: number;
    };
  };
  /** The devices that are logged in */
  readonly "GET /v1/devices": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly devices: readonly {
        readonly id: string;
        readonly platform: string;
        readonly way: string;
        readonly createdMs: number;
        readonly seenMs: number;
        readonly fullFromMs: number;
        readonly isThis: boolean;
      }[];
    };
  };
  /** Log all other devices out */
  readonly "DELETE /v1/devices": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly ended: number };
  };
  /** Log a device out, this one or another */
  readonly "DELETE /v1/devices/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** How much room there is and how much is used; whether logins wait, and a reset is under way */
  readonly "GET /v1/member": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly member: string;
      readonly isOperator: boolean;
      readonly quotaBytes: number;
      readonly usedBytes: number;
      readonly reservedBytes: number;
      readonly trashedBytes: number;
      readonly events: number;
      readonly isApprovalOn: boolean;
      readonly isTotpOn: boolean;
      readonly resetUntilMs: number;
    };
  };
  /** What happened: a log in which each entry has the hash of the one before in its own */
  readonly "GET /v1/events": {
    readonly params: {};
    readonly query: { readonly after?: string; readonly limit?: string };
    readonly body: undefined;
    readonly answer: {
      readonly events: readonly {
        readonly number: number;
        readonly atMs: number;
        readonly kind: string;
        readonly session: string;
        readonly details: Readonly<Record<string, string | number>>;
        readonly hash: string;
      }[];
    };
  };
  /** Begin to change the password */
  readonly "POST /v1/password/start": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly registrationRequest: string };
    readonly answer: { readonly ticket: string; readonly registrationResponse: string };
  };
  /** Set the new password; all other devices are logged out */
  readonly "POST /v1/password/finish": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly ticket: string; readonly registrationRecord: string };
    readonly answer: { readonly ended: number };
  };
  /** Whether a login by password waits for another device, for 72 hours at most */
  readonly "PUT /v1/member/device-approval": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly isOn: boolean };
    readonly answer: undefined;
  };
  /** Approve another device, which is limited so far */
  readonly "POST /v1/devices/{id}/approve": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** What happens from now on, or after an event, as server-sent events */
  readonly "GET /v1/events/stream": {
    readonly params: {};
    readonly query: { readonly after?: string };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Takes bytes and forgets them: how fast a line sends */
  readonly "POST /v1/line": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly bytes: number };
  };
  /** Gives random bytes: how fast a line fetches */
  readonly "GET /v1/line": {
    readonly params: {};
    readonly query: { readonly bytes: string };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** The key of tickets: the same for everybody, and to be remembered */
  readonly "GET /v1/tickets": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly key: string };
  };
  /** Show tickets: room for the weeks that they name */
  readonly "POST /v1/level": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly tickets: readonly {
        readonly kind: "week" | "keep";
        readonly period: number;
        readonly levelBytes: number;
        readonly input: string;
        readonly output: string;
      }[];
    };
    readonly answer: {
      readonly cell: number;
      readonly ownBytes: number;
      readonly levelBytes: number;
      readonly untilWeek: number;
      readonly keepQuarter: number;
      readonly lapse?: {
        readonly state: "ahead" | "lapsed" | "removing" | "returning";
        readonly endDay: number;
      };
    };
  };
  /** What tickets have shown, and until when */
  readonly "GET /v1/level": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly cell: number;
      readonly ownBytes: number;
      readonly levelBytes: number;
      readonly untilWeek: number;
      readonly keepQuarter: number;
      readonly lapse?: {
        readonly state: "ahead" | "lapsed" | "removing" | "returning";
        readonly endDay: number;
      };
    };
  };
  /** The server's receipts for what went because nobody paid for it any more */
  readonly "GET /v1/level/removals": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly removals: readonly {
        readonly receipt: string;
        readonly member: string;
        readonly objects: number;
        readonly bytes: number;
        readonly endDay: number;
        readonly endedMs: number;
        readonly backupDays: number;
        readonly signature: string;
      }[];
    };
  };
  /** What would go if nobody paid any more: objects with a week, the oldest first */
  readonly "GET /v1/level/removals/ahead": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly overBytes: number;
      readonly fromDay?: number;
      readonly awayObjects: number;
      readonly awayBytes: number;
      readonly keptBytes: number;
      readonly weeks: readonly {
        readonly week: number;
        readonly objects: number;
        readonly bytes: number;
        readonly goingObjects: number;
        readonly goingBytes: number;
      }[];
    };
  };
  /** Get the one ticket for a trial, blinded; the same again gets the same answer */
  readonly "POST /v1/level/trial": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly blinded: string };
    readonly answer: { readonly evaluated: string; readonly proof: string };
  };
  /** After how many days without a device the membership is to end; 0 for never */
  readonly "GET /v1/level/idle": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly days: number };
  };
  /** Set after how many days without a device the membership is to end: off unless somebody sets it */
  readonly "PUT /v1/level/idle": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly days: 0 | 180 | 365 | 730 };
    readonly answer: undefined;
  };
}
