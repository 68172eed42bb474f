/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface RecoveryRoutes {
  /** Open a mailbox for a new device; it is gone after two minutes if nobody comes */
  readonly "POST /v1/enrol": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly device: {
        readonly key: string;
        readonly platform: "cli" | "agent" | "web" | "phone" | "other";
      };
    };
    readonly answer: { readonly box: string; readonly untilMs: number };
  };
  /** What the new device finds in its mailbox */
  readonly "GET /v1/enrol/{box}/new": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly hello: string; readonly isApproved: boolean };
  };
  /** The new device answers the old one */
  readonly "POST /v1/enrol/{box}/reveal": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: { readonly reveal: string };
    readonly answer: undefined;
  };
  /** The new device takes what was left for it, and a session; the mailbox is gone */
  readonly "POST /v1/enrol/{box}/collect": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly member: string;
      readonly session: string;
      readonly token: string;
      readonly fullFromMs: number;
      readonly package: string;
    };
  };
  /** An old device comes to a mailbox; only the first one is let in */
  readonly "POST /v1/enrol/{box}/hello": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: { readonly hello: string };
    readonly answer: undefined;
  };
  /** What the old device finds in the mailbox */
  readonly "GET /v1/enrol/{box}": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly reveal: string };
  };
  /** Do not let the new device in */
  readonly "DELETE /v1/enrol/{box}": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Let the new device in, and leave a package for it */
  readonly "POST /v1/enrol/{box}/approve": {
    readonly params: { readonly box: string };
    readonly query: {};
    readonly body: { readonly package: string };
    readonly answer: undefined;
  };
}
