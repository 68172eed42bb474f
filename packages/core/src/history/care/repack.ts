import { hexToBytes } from "../../base/index.ts";
import { moveObject, PackReader, type ObjectSpec, type PackWriter, type Ref } from "../../vault/index.ts";
import { attachmentRefs, type StoredAttachment } from "../rows/attachments.ts";
import { laneSpec, type Segment } from "../rows/segment.ts";
import { rowKeys, type History } from "../state/state.ts";
import type { Batch } from "../write/batch.ts";
import type { ChangedSegment, Rewriting } from "./rewrite.ts";

/** Brings what is needed of some packs into new ones. Objects stay sealed as they are; only what names them changes. */
export function repacking(batch: Batch, thin: ReadonlySet<string>): Rewriting {
  return new Repacking(batch, thin);
}

class Repacking implements Rewriting {
  readonly #history: History;
  readonly #batch: Batch;
  readonly #thin: ReadonlySet<string>;
  /** Objects that were moved, by their place before: chats share attachments. */
  readonly #moved = new Map<string, Promise<Ref>>();
  /** Objects of one sort lie side by side; each sort reads on in its own window. */
  readonly #readers = new Map<PackWriter, PackReader>();

  constructor(batch: Batch, thin: ReadonlySet<string>) {
    this.#history = batch.history;
    this.#batch = batch;
    this.#thin = thin;
  }

  isMoved(ref: Ref): boolean {
    return this.#thin.has(ref[0]);
  }

  async segment(collection: string, segment: Segment): Promise<ChangedSegment> {
    const { vault, entries } = this.#history;
    const spec = laneSpec(rowKeys(vault, entries.get(collection)!, segment.epoch));
    const { lanes: writers, state } = this.#batch;
    const lanes: (Ref | null)[] = [];
    for (const [i, ref] of segment.lanes.entries()) {
      const writer = segment.first === null ? state : writers[i]!;
      lanes.push(ref === null ? null : await this.#move(writer, spec, ref));
    }
    return { segment: { ...segment, lanes }, notes: [] };
  }

  async rows<R>(_: string, rows: R): Promise<R> {
    return rows;
  }

  async files(_: string, files: readonly StoredAttachment[]): Promise<readonly StoredAttachment[]> {
    if (!files.some((file) => attachmentRefs(file).some((ref) => this.isMoved(ref)))) return files;
    const moved: StoredAttachment[] = [];
    for (const file of files) moved.push(await this.#moveFile(file));
    return moved;
  }

  async #moveFile(file: StoredAttachment): Promise<StoredAttachment> {
    const spec: ObjectSpec = {
      type: "attachment",
      vaultId: this.#history.vault.id,
      key: hexToBytes(file.key)!,
      epoch: 0,
    };
    const parts: StoredAttachment["parts"][number][] = [];
    for (const ref of attachmentRefs(file)) {
      const [pack, offset, length, digest] = await this.#move(this.#batch.files, spec, ref, file.week);
      parts.push(file.parts.length === 1 ? [pack, offset, length] : [pack, offset, length, digest]);
    }
    return { ...file, parts };
  }

  #move(writer: PackWriter, spec: ObjectSpec, ref: Ref, week?: number): Promise<Ref> {
    if (!this.isMoved(ref)) return Promise.resolve(ref);
    const place = `${ref[0]} ${ref[1]}`;
    const known = this.#moved.get(place);
    if (known !== undefined) return known;
    const { primitives, store } = this.#history.vault;
    const reader = this.#readers.get(writer) ?? new PackReader(store, { readAheadBytes: READ_AHEAD_BYTES });
    this.#readers.set(writer, reader);
    const moved = moveObject(primitives, { reader, writer, week }, spec, ref);
    this.#moved.set(place, moved);
    return moved;
  }
}

const READ_AHEAD_BYTES = 512 * 1024;
