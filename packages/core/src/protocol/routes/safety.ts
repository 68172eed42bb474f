/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface SafetyRoutes {
  /** Have a code sent to a contact, to add it */
  readonly "POST /v1/contacts": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly contact: { readonly kind: "email" | "phone"; readonly to: string } };
    readonly answer: { readonly id: string };
  };
  /** The member's contacts, in part */
  readonly "GET /v1/contacts": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly contacts: readonly {
        readonly id: string;
        readonly kind: "email" | "phone";
        readonly masked: string;
        readonly addedMs: number;
      }[];
    };
  };
  /** Give the code back: the contact is the member's */
  readonly "POST /v1/contacts/confirm": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly id: string; readonly code: string };
    readonly answer: {
      readonly id: string;
      readonly kind: "email" | "phone";
      readonly masked: string;
      readonly addedMs: number;
    };
  };
  /** Remove a contact; it is told so too */
  readonly "DELETE /v1/contacts/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Have a code sent to a contact, to set a new password; answered alike whether it is anybody's */
  readonly "POST /v1/reset/start": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly contact: { readonly kind: "email" | "phone"; readonly to: string } };
    readonly answer: { readonly id: string };
  };
  /** Give the code back, and begin a new password */
  readonly "POST /v1/reset/code": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly id: string; readonly code: string; readonly registrationRequest: string };
    readonly answer: {
      readonly ticket: string;
      readonly registration: string;
      readonly registrationResponse: string;
    };
  };
  /** Set the new password: a session that is limited for seven days */
  readonly "POST /v1/reset/finish": {
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
  /** Take a reset back: the old password holds again, what came of the reset is logged out */
  readonly "POST /v1/reset/cancel": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly ended: number };
  };
  /** Add a public key that was derived from what opens the vault */
  readonly "POST /v1/access/keys": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly key: string; readonly kind: "words" | "device" };
    readonly answer: {
      readonly id: string;
      readonly kind: "words" | "device";
      readonly key: string;
      readonly addedMs: number;
    };
  };
  /** The member's access keys */
  readonly "GET /v1/access/keys": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly keys: readonly {
        readonly id: string;
        readonly kind: "words" | "device";
        readonly key: string;
        readonly addedMs: number;
      }[];
    };
  };
  /** Remove an access key */
  readonly "DELETE /v1/access/keys/{id}": {
    readonly params: { readonly id: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** What to sign to make this session full */
  readonly "POST /v1/access/start": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly challenge: string };
  };
  /** Make this session full by a signature of an access key */
  readonly "POST /v1/access/prove": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly challenge: string;
      readonly key: string;
      readonly signature: string;
      readonly totp?: string;
    };
    readonly answer: undefined;
  };
  /** A new secret for an authenticator app */
  readonly "POST /v1/totp/start": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly ticket: string; readonly secret: string; readonly url: string };
  };
  /** Turn the second factor on, by a code of the new secret */
  readonly "POST /v1/totp/confirm": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly ticket: string; readonly code: string };
    readonly answer: undefined;
  };
  /** Turn the second factor off, by a code */
  readonly "POST /v1/totp/remove": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly code: string };
    readonly answer: undefined;
  };
  /** What an authenticator makes a passkey of, as WebAuthn has it in JSON */
  readonly "POST /v1/passkeys/start": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly ticket: string; readonly options: unknown };
  };
  /** Add the passkey that was made */
  readonly "POST /v1/passkeys/finish": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly ticket: string;
      readonly response: {
        readonly id: string;
        readonly rawId: string;
        readonly type: "public-key";
        readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
        readonly clientExtensionResults: { readonly prf?: { readonly enabled?: boolean } };
      };
    };
    readonly answer: { readonly id: string; readonly addedMs: number; readonly usedMs: number };
  };
  /** The member's passkeys */
  readonly "GET /v1/passkeys": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly passkeys: readonly {
        readonly id: string;
        readonly addedMs: number;
        readonly usedMs: number;
      }[];
    };
  };
  /** Remove a passkey */
  readonly "POST /v1/passkeys/remove": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly id: string };
    readonly answer: undefined;
  };
  /** What a passkey signs to log in */
  readonly "POST /v1/passkeys/login/start": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly ticket: string; readonly options: unknown };
  };
  /** Log in by a passkey: a session for this device */
  readonly "POST /v1/passkeys/login/finish": {
    readonly params: {};
    readonly query: {};
    readonly body: {
      readonly ticket: string;
      readonly response: {
        readonly id: string;
        readonly rawId: string;
        readonly type: "public-key";
        readonly response: {
          readonly clientDataJSON: string;
          readonly authenticatorData: string;
          readonly signature: string;
          readonly userHandle?: string;
        };
        readonly clientExtensionResults: { readonly prf?: { readonly enabled?: boolean } };
      };
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
  /** Begin to end the membership: the password is asked for once more */
  readonly "POST /v1/closing/start": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly startLoginRequest: string };
    readonly answer: { readonly ticket: string; readonly loginResponse: string };
  };
  /** End the membership after seven days; every device and contact is told each day */
  readonly "POST /v1/closing/finish": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly ticket: string; readonly finishLoginRequest: string; readonly totp?: string };
    readonly answer: {
      readonly by: "member" | "operator";
      readonly receipt: string;
      readonly beganMs: number;
      readonly daysLeft: number;
    };
  };
  /** Take the end of the membership back */
  readonly "DELETE /v1/closing": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** How the end of the membership stands; 404 where it is not being ended */
  readonly "GET /v1/closing": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly by: "member" | "operator";
      readonly receipt: string;
      readonly beganMs: number;
      readonly daysLeft: number;
    };
  };
  /** The receipt of a membership that is gone; 404 until it is */
  readonly "GET /v1/deletions/{receipt}": {
    readonly params: { readonly receipt: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly receipt: string;
      readonly member: string;
      readonly vaults: number;
      readonly objects: number;
      readonly bytes: number;
      readonly events: number;
      readonly eventHash: string;
      readonly beganMs: number;
      readonly endedMs: number;
      readonly backupDays: number;
      readonly signature: string;
    };
  };
}
