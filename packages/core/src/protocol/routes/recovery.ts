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
  /** Publish the key to which shares are sealed for this member */
  readonly "PUT /v1/family/key": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly publicKey: string; readonly epoch: number };
    readonly answer: undefined;
  };
  /** The key of a member who may help; compare it with what the member says */
  readonly "GET /v1/family/keys/{member}": {
    readonly params: { readonly member: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly publicKey: string; readonly epoch: number };
  };
  /** Keep the shares of a family slot: the helper's sealed, the other until its wait is over */
  readonly "POST /v1/family": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly share: string;
      readonly helper: string;
      readonly box: string;
      readonly delayed: string;
      readonly waitDays: number;
    };
    readonly answer: undefined;
  };
  /** The family slots that one has, and those in which one may help */
  readonly "GET /v1/family": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly shares: readonly {
        readonly share: string;
        readonly member: string;
        readonly helper: string;
        readonly isOwn: boolean;
        readonly waitDays: number;
        readonly state: "kept" | "waiting" | "released";
        readonly waitedMs: number;
        readonly notices: number;
      }[];
    };
  };
  /** Forget the shares of one's family slot */
  readonly "DELETE /v1/family/{share}": {
    readonly params: { readonly share: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Ask for the other share, as the helper: the member is told at once, and every day */
  readonly "POST /v1/family/{share}/start": {
    readonly params: { readonly share: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Say no, on any device: the wait ends and has counted for nothing */
  readonly "POST /v1/family/{share}/veto": {
    readonly params: { readonly share: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Take both shares, as the helper, once the wait is over */
  readonly "POST /v1/family/{share}/release": {
    readonly params: { readonly share: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly box: string; readonly delayed: string };
  };
}
