/** One person's sealed store. The id is the server's own: nothing in the vault hangs on it. */
export interface VaultTable {
  readonly id: string;
  readonly member: string;
  readonly createdMs: number;
  readonly usedBytes: number;
  readonly objects: number;
  /** How many receipts there are, and the hash of the last. */
  readonly receipts: number;
  readonly receiptHash: string;
}

/** One row an object: a pack, a journal, a slot document, a head. Small ones lie in the row itself. */
export interface ObjectTable {
  readonly vault: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Where the bytes lie among the blobs; empty where they lie here. */
  readonly blob: string;
  readonly bytes: Uint8Array | null;
  readonly storedMs: number;
  /** The week, counted since 1970, that what it holds is from; 0 for what is kept for ever. */
  readonly week: number;
}

/** The token under which an object is wrapped, sealed under the key of a day. The row outlives the token: it says that the object holds keys. */
export interface KeyTokenTable {
  readonly vault: string;
  readonly name: string;
  /** The line of the trash that has the object; empty where it is there. */
  readonly trash: string;
  /** YYYY-MM-DD; empty once the token is gone. */
  readonly day: string;
  readonly sealed: Uint8Array;
  /** When it goes; null as long as the newest head needs it. */
  readonly untilMs: number | null;
}

/** What was removed, until it is gone for good. */
export interface TrashTable extends ObjectTable {
  readonly id: string;
  readonly removedMs: number;
  readonly session: string;
  /** The server's day on which it goes, where a lapse put it here; 0 for what somebody removed. */
  readonly keptUntil: number;
}

/** Room that was reserved for an object which is on its way. */
export interface UploadTable {
  /** Also the name of its blob. */
  readonly id: string;
  readonly member: string;
  readonly vault: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly untilMs: number;
  readonly week: number;
}

/** Blobs that no object needs any more, and that are still to be removed. */
export interface DeadBlobTable {
  readonly blob: string;
  readonly sinceMs: number;
}

/** The server's word for each head that it took. */
export interface ReceiptTable {
  readonly vault: string;
  readonly number: number;
  readonly head: number;
  readonly headHash: string;
  readonly atMs: number;
  /** The hash of the receipt before. */
  readonly before: string;
  readonly signature: string;
}
