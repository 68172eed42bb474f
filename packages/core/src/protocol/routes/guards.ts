/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface GuardsRoutes {
  /** Tickets for the guards of one's password; all devices hear of it */
  readonly "POST /v1/guards/tickets": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly purpose: "make" | "use" | "remove"; readonly records: readonly string[] };
    readonly answer: { readonly tickets: readonly string[] };
  };
  /** Keep a half of the key of a password */
  readonly "POST /v1/guard/records": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly ticket: string;
      readonly share: string;
      readonly key: string;
      readonly openedHash: string;
    };
    readonly answer: undefined;
  };
  /** Forget a half of the key of a password */
  readonly "POST /v1/guard/removals": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly ticket: string };
    readonly answer: undefined;
  };
  /** Evaluate a blinded guess; it is counted first */
  readonly "POST /v1/guard/evaluate": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly ticket: string; readonly blinded: string };
    readonly answer: {
      readonly evaluated: string;
      readonly proof: string;
      readonly left: number;
      readonly nextMs: number;
    };
  };
  /** Prove that the guess was right: counting begins from nothing */
  readonly "POST /v1/guard/opened": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly record: string; readonly token: string };
    readonly answer: undefined;
  };
}
