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
  /** How much is stored by how many */
  readonly "GET /v1/operator/sums": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly members: number;
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
}
