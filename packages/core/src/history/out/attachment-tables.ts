import { PackReader } from "../../vault/index.ts";
import { readAttachmentTable, type StoredAttachment } from "../rows/attachments.ts";
import { readDeltaAttachments } from "../state/delta.ts";
import { manifestOf, rowKeys, type History, type OpenDelta } from "../state/state.ts";

/** The attachments of a history, one collection at a time; the tables of open deltas are read once. */
export class AttachmentTables {
  readonly #history: History;
  readonly #reader: PackReader;
  readonly #deltas = new Map<OpenDelta, Promise<Map<string, StoredAttachment[]>>>();

  constructor(history: History) {
    this.#history = history;
    this.#reader = new PackReader(history.vault.store);
  }

  /** By digest. Throws `vault.corrupt` or `store.not-found`. */
  async of(collection: string): Promise<Map<string, StoredAttachment>> {
    const { vault, entries, deltas } = this.#history;
    const rows = new Map<string, StoredAttachment>();
    const manifest = await manifestOf(this.#history, collection);
    for (const { ref, epoch } of manifest?.attachments ?? []) {
      const keys = rowKeys(vault, entries.get(collection)!, epoch);
      const table = await readAttachmentTable(vault.primitives, this.#reader, keys, ref);
      for (const row of table) rows.set(row.sha256, row);
    }
    for (const delta of deltas) {
      if (!delta.index.parts.some((part) => part.collection === collection && part.attachments > 0)) continue;
      for (const row of (await this.#load(delta)).get(collection) ?? []) rows.set(row.sha256, row);
    }
    return rows;
  }

  #load(delta: OpenDelta): Promise<Map<string, StoredAttachment[]>> {
    const { primitives, id: vaultId } = this.#history.vault;
    const { entry, index } = delta;
    const loaded =
      this.#deltas.get(delta) ?? readDeltaAttachments(primitives, this.#reader, { vaultId, entry, index });
    this.#deltas.set(delta, loaded);
    return loaded;
  }
}
