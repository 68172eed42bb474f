/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface VaultsRoutes {
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
      readonly copiedMs?: number;
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
  /** What was removed and can still be had back, the newest first */
  readonly "GET /v1/vaults/{vault}/trash": {
    readonly params: { readonly vault: string };
    readonly query: { readonly after?: string };
    readonly body: undefined;
    readonly answer: {
      readonly isEnd: boolean;
      readonly objects: readonly {
        readonly id: string;
        readonly name: string;
        readonly sizeBytes: number;
        readonly storedMs: number;
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
        readonly week?: number;
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
    readonly body: {
      readonly uploads: readonly string[];
      readonly keyTokens?: Readonly<Record<string, string>>;
    };
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
  /** Put a whole object under a free name; content-length and the header keepsake-sha256 announce it, keepsake-key-token and keepsake-key-packs say where keys lie */
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
