import type { Bytes } from "../../base/index.ts";

/** Bytes from `offset` on, `length` of them. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Parts of packs are read aligned to this, so that their bounds do not tell those of the objects in them. */
export const ALIGN_BYTES: number = 32 * 1024;

export interface StoredObject {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface StoreOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions extends StoreOptions {
  /** Names up to this one are not wanted; a store that gives them all the same does no harm. */
  readonly after?: string | undefined;
}

/** What the owner of an object knows of it. A store that keeps nothing from its owner need not ask. */
export interface ObjectOptions extends StoreOptions {
  /** Whether the object is a pack of the key directory or a journal: a server's copy wraps what holds keys. */
  readonly holdsKeys?: boolean | undefined;
}

export interface PutOptions extends ObjectOptions {
  /** With a head: the packs in which its key directory lies. */
  readonly keyPacks?: readonly string[] | undefined;
  /**
   * The week, counted since 1970, that what the object holds is from, where it may go by its age; kept for ever without
   * it. A server hears of it; other stores need not.
   */
  readonly week?: number | undefined;
}

/**
 * Where a vault's objects lie: a folder, an S3 bucket, a Keepsake server. Four verbs, and this contract, which
 * `storeConformance` in @keepsake/core/testing holds every adapter to:
 *
 * - A name is one of `isStoreName`; an object is never changed: it is put whole, once, and may be removed.
 * - After `put` has returned "stored" the object survives a power cut, and every later `get`, by anyone, sees it whole.
 *   Until then it is absent or whole under its name, never in part.
 * - Of several puts of one name at the same time, exactly one returns "stored"; the others return "exists".
 *   An object whose put returned "exists" and that is read back as the very bytes survives a power cut as well.
 * - A put that failed or was aborted may have gone through: who puts again and meets "exists" reads back and compares.
 * - What `put` was given is the caller's again once it has returned: a store that keeps bytes keeps a copy.
 * - Clocks, locks and permissions of the store are not relied upon.
 * - A store may lose, swap, repeat or alter objects: the vault finds out by itself. An error of the store is a
 *   KeepsakeError: `store.unavailable` (retry "later" or "now"), `store.full`, `store.bad-name`, `base.aborted`.
 */
export interface Store {
  /** Stores the object under a name that is free. "exists": the name is taken, whatever lies there. */
  put(name: string, bytes: Bytes, options?: PutOptions): Promise<"stored" | "exists">;
  /**
   * The object, or the part of it that lies in the range: fewer bytes than asked for where the object ends earlier.
   * Undefined if there is none of that name.
   */
  get(name: string, range?: Range, options?: ObjectOptions): Promise<Bytes | undefined>;
  /**
   * Every object whose name begins with `prefix`, in the order of names. Names that no vault uses are left out.
   * Objects put or removed meanwhile may be there or not.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<StoredObject>;
  /** Removes the object; nothing if there is none. After it has returned, it stays away after a power cut. */
  remove(name: string, options?: StoreOptions): Promise<void>;
}

/** The folders of a store, in the order of names. */
export const storeFolders: readonly string[] = ["heads", "journals", "packs", "slots"];

const namePattern = new RegExp(`^(?:${storeFolders.join("|")})/[0-9a-z]{1,40}$`);

/** One folder of a few, then a name in [0-9a-z]: safe on every file system, whatever it does with upper case. */
export function isStoreName(name: string): boolean {
  return namePattern.test(name);
}
