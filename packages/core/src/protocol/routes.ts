/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface Routes {
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
      readonly isDirect: boolean;
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
  /** How much room there is and how much is used */
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
  /** What happens from now on, or after an event, as server-sent events */
  readonly "GET /v1/events/stream": {
    readonly params: {};
    readonly query: { readonly after?: string };
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Make an empty vault */
  readonly "POST /v1/vaults": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly vault: string };
  };
  /** The member's vaults */
  readonly "GET /v1/vaults": {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly vaults: readonly {
        readonly id: string;
        readonly createdMs: number;
        readonly usedBytes: number;
        readonly objects: number;
        readonly receipts: number;
      }[];
    };
  };
  /** The server's word for each head that it took */
  readonly "GET /v1/vaults/{vault}/receipts": {
    readonly params: { readonly vault: string };
    readonly query: { readonly after?: string };
    readonly body: undefined;
    readonly answer: {
      readonly receipts: readonly {
        readonly vault: string;
        readonly number: number;
        readonly head: number;
        readonly headHash: string;
        readonly atMs: number;
        readonly before: string;
        readonly signature: string;
      }[];
    };
  };
  /** What was removed and can still be had back */
  readonly "GET /v1/vaults/{vault}/trash": {
    readonly params: { readonly vault: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly objects: readonly {
        readonly id: string;
        readonly name: string;
        readonly sizeBytes: number;
        readonly removedMs: number;
        readonly session: string;
      }[];
    };
  };
  /** Take objects out of the trash */
  readonly "POST /v1/vaults/{vault}/trash/restore": {
    readonly params: { readonly vault: string };
    readonly query: {};
    readonly body: { readonly ids: readonly string[] };
    readonly answer: { readonly restored: readonly string[] };
  };
  /** Reserve room for objects, and learn where to send their bytes */
  readonly "POST /v1/vaults/{vault}/uploads": {
    readonly params: { readonly vault: string };
    readonly query: {};
    readonly body: {
      readonly objects: readonly {
        readonly name: string;
        readonly sizeBytes: number;
        readonly sha256: string;
      }[];
    };
    readonly answer: {
      readonly uploads: readonly {
        readonly id: string;
        readonly name: string;
        readonly untilMs: number;
        readonly method: string;
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
      }[];
      readonly taken: readonly string[];
    };
  };
  /** Send bytes, from the header upload-offset on */
  readonly "PUT /v1/uploads/{upload}": {
    readonly params: { readonly upload: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly isWhole: boolean; readonly offset: number };
  };
  /** Where to go on with an upload that was cut off */
  readonly "GET /v1/uploads/{upload}": {
    readonly params: { readonly upload: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly offset: number; readonly sizeBytes: number };
  };
  /** Give an upload up */
  readonly "DELETE /v1/uploads/{upload}": {
    readonly params: { readonly upload: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Make objects of uploads whose bytes are here, all or none */
  readonly "POST /v1/commits": {
    readonly params: {};
    readonly query: {};
    readonly body: { readonly uploads: readonly string[] };
    readonly answer: { readonly outcomes: readonly ("stored" | "exists")[] };
  };
  /** Objects in the order of their names */
  readonly "GET /v1/vaults/{vault}/objects": {
    readonly params: { readonly vault: string };
    readonly query: { readonly prefix?: string; readonly after?: string; readonly bytes?: "yes" };
    readonly body: undefined;
    readonly answer: {
      readonly objects: readonly {
        readonly name: string;
        readonly sizeBytes: number;
        readonly bytes?: string;
      }[];
      readonly isEnd: boolean;
    };
  };
  /** The bytes of an object, or of a range of it */
  readonly "GET /v1/vaults/{vault}/objects/{folder}/{name}": {
    readonly params: { readonly vault: string; readonly folder: string; readonly name: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Put a whole object under a free name; content-length and the header keepsake-sha256 announce it */
  readonly "PUT /v1/vaults/{vault}/objects/{folder}/{name}": {
    readonly params: { readonly vault: string; readonly folder: string; readonly name: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: {
      readonly outcome: "stored" | "exists";
      readonly receipt?: {
        readonly vault: string;
        readonly number: number;
        readonly head: number;
        readonly headHash: string;
        readonly atMs: number;
        readonly before: string;
        readonly signature: string;
      };
    };
  };
  /** Put an object into the trash, from which it can be had back for some days */
  readonly "DELETE /v1/vaults/{vault}/objects/{folder}/{name}": {
    readonly params: { readonly vault: string; readonly folder: string; readonly name: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: { readonly isRemoved: boolean };
  };
}
