import type { Readable } from "node:stream";

/** What a blob must turn out to be. */
export interface Expected {
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
}

export interface StoredBlob {
  readonly key: string;
  readonly sizeBytes: number;
  readonly storedMs: number;
  /** False for one that is still on its way. */
  readonly isWhole: boolean;
}

/**
 * Where the bytes of objects lie, each under a random key that is used once: a folder of this machine, an S3 bucket.
 * `blobsConformance` holds every adapter to this:
 *
 * - A blob appears whole or not at all; once `write` or `receive` has returned, it survives a power cut.
 * - What does not have the size and the SHA-256 that were announced is never kept (`upload.wrong-content`).
 * - Bytes are streamed: memory does not grow with the size of a blob.
 */
export interface Blobs {
  /**
   * Takes bytes from `offset` on, which must be where the last ones ended (`upload.wrong-offset`). True once the blob
   * is whole and durable; false where more is to come. What came before a failure stays, for the next call.
   */
  receive(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    expected: Expected,
    offset?: number,
  ): Promise<boolean>;
  /** How many bytes of an unfinished blob are here: where to go on. */
  receivedBytes(key: string): Promise<number>;
  /** Whether the whole blob is here, with that size. */
  has(key: string, expected: Expected): Promise<boolean>;
  /** The bytes from `offset` on, `length` of them; undefined where there is no such blob. The caller reads or destroys it. */
  read(
    key: string,
    range: { readonly offset: number; readonly length: number },
  ): Promise<Readable | undefined>;
  /** Removes a blob, whole or unfinished; nothing where there is none. */
  remove(key: string): Promise<void>;
  /** Returns where the place answers, and could take a blob as far as it says. Throws what `receive` would. */
  reach(): Promise<void>;
  /** All whole blobs in the order of their keys, then the unfinished ones. */
  list(): AsyncIterable<StoredBlob>;
  /** Where clients may send the bytes themselves, without this process in between. */
  readonly direct?: DirectBlobs;
}

/** Requests that a client sends to the place itself; they are signed, and good for some minutes. */
export interface DirectBlobs {
  /** Where the place is: scheme, host and port of what is signed. */
  readonly origin: string;
  uploadRequest(key: string, expected: Expected, forMs: number): Promise<SignedRequest>;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}
