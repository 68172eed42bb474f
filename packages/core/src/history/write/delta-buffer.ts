import { bytesToHex, type Primitives } from "../../base/index.ts";
import { logRoot, type KeyEntry, type LogState, type PackWriter } from "../../vault/index.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import { isMessageRow, type Row } from "../rows/row.ts";
import type { RowKeys } from "../rows/segment.ts";
import { placeRows } from "../rows/leaves.ts";
import type { DeltaIndex } from "../state/delta.ts";
import { writeDelta, type DeltaDraft } from "../state/write-delta.ts";
import { summarize } from "./summarize.ts";

/** A delta with as many rows, or with as much in them, is written at once, so that memory stays bounded. */
const [MAX_ROWS, MAX_CHARACTERS] = [16 * 1024, 4 * 1024 * 1024];

export interface WrittenDelta {
  readonly entry: KeyEntry;
  readonly index: DeltaIndex;
}

/** Gathers the rows that a backup adds to chats that have some already, and writes them as deltas. */
export class DeltaBuffer {
  readonly #primitives: Primitives;
  readonly #writer: PackWriter;
  readonly #vaultId: RowKeys["vaultId"];
  #drafts: DeltaDraft[] = [];
  #rows = 0;
  #characters = 0;
  readonly #logs = new Map<string, LogState>();
  readonly written: WrittenDelta[] = [];

  constructor(primitives: Primitives, writer: PackWriter, vaultId: RowKeys["vaultId"]) {
    this.#primitives = primitives;
    this.#writer = writer;
    this.#vaultId = vaultId;
  }

  /** Adds rows of one collection after `log`, messages in canonical order; the log after them. */
  async add(
    keys: RowKeys,
    log: LogState,
    rows: readonly Row[],
    attachments: readonly StoredAttachment[] = [],
  ): Promise<LogState> {
    if (rows.length === 0 && attachments.length === 0) return log;
    if (this.#drafts.some((draft) => draft.collection === keys.collection)) await this.flush();
    // Notes before messages: leaves follow from the order in which rows are written.
    const ordered = [...rows.filter((row) => !isMessageRow(row)), ...rows.filter((row) => isMessageRow(row))];
    const { log: after, placed, characters } = await placeRows(this.#primitives, keys.saltKey, log, ordered);
    this.#drafts.push({
      collection: keys.collection,
      rows: placed,
      leaf: log.count,
      logRoot: bytesToHex(logRoot(this.#primitives, after)),
      attachments,
      summary: summarize(placed, attachments),
    });
    this.#rows += rows.length;
    this.#characters += characters;
    this.#logs.set(keys.collection, after);
    if (this.#rows >= MAX_ROWS || this.#characters >= MAX_CHARACTERS) await this.flush();
    return after;
  }

  /** The log of a collection after what was added here; undefined if nothing was. */
  logAfter(collection: string): LogState | undefined {
    return this.#logs.get(collection);
  }

  async flush(): Promise<void> {
    if (this.#drafts.length === 0) return;
    const drafts = this.#drafts;
    this.#drafts = [];
    this.#rows = 0;
    this.#characters = 0;
    this.written.push(await writeDelta(this.#primitives, this.#writer, { vaultId: this.#vaultId }, drafts));
  }
}
