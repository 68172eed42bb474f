import { bytesToHex, concatBytes, type Bytes } from "../../base/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { PackReader, type PackWriter } from "../../vault/index.ts";
import {
  PART_BYTES,
  readAttachmentTable,
  writeAttachment,
  writeSmallAttachment,
  type StoredAttachment,
} from "../rows/attachments.ts";
import { readDeltaAttachments } from "../state/delta.ts";
import { manifestOf, rowKeys, type History } from "../state/state.ts";
import type { Resume } from "../write/resume.ts";

/** What a file was when it was hashed last: an unchanged one is not read again. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly sha256: string;
}

/** Remembers stamps between runs on one device; losing it costs time, never content. */
export interface StampCache {
  get(path: string): FileStamp | undefined;
  set(path: string, stamp: FileStamp): void;
}

export interface HashedFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Every attachment of a history, by collection. */
export async function storedAttachments(history: History): Promise<Map<string, StoredAttachment[]>> {
  const { vault, entries } = history;
  const reader = new PackReader(vault.store, { readAheadBytes: 256 * 1024 });
  const byCollection = new Map<string, StoredAttachment[]>();
  const add = (collection: string, rows: readonly StoredAttachment[]): void => {
    byCollection.set(collection, [...(byCollection.get(collection) ?? []), ...rows]);
  };
  for (const collection of history.tree.keys()) {
    const manifest = await manifestOf(history, collection);
    for (const { ref, epoch } of manifest?.attachments ?? []) {
      const keys = rowKeys(vault, entries.get(collection)!, epoch);
      add(collection, await readAttachmentTable(vault.primitives, reader, keys, ref));
    }
  }
  for (const { entry, index } of history.deltas) {
    const options = { vaultId: vault.id, entry, index };
    for (const [collection, rows] of await readDeltaAttachments(vault.primitives, reader, options)) {
      if (entries.has(collection)) add(collection, rows);
    }
  }
  return byCollection;
}

/** Stores each content once, whichever chats and runs it comes from. */
export class AttachmentStore {
  readonly #history: History;
  readonly #writer: PackWriter;
  readonly #stamps: StampCache | undefined;
  readonly #resume: Resume | undefined;
  readonly #known = new Map<string, StoredAttachment>();
  readonly #knownSizes = new Set<number>();
  #loaded: Promise<Map<string, Set<string>>> | undefined;
  readonly #pending = new Map<string, Promise<HashedFile>>();
  newFiles = 0;
  newBytes = 0;

  constructor(
    history: History,
    writer: PackWriter,
    options: { stamps?: StampCache | undefined; resume?: Resume | undefined } = {},
  ) {
    this.#history = history;
    this.#writer = writer;
    this.#stamps = options.stamps;
    this.#resume = options.resume;
    for (const stored of options.resume?.attachments.values() ?? []) this.#know(stored);
  }

  /** Hashes the file and stores it if no chat has it yet. */
  async put(file: SourceFile): Promise<HashedFile> {
    const stamp = this.#stamps?.get(file.path);
    const isSame = stamp?.sizeBytes === file.sizeBytes && stamp.modifiedMs === file.modifiedMs;
    await this.#load();
    if (isSame && this.#known.has(stamp.sha256)) return stamp;
    const hashed = file.sizeBytes <= PART_BYTES ? await this.#putSmall(file) : await this.#putLarge(file);
    if (file.modifiedMs !== undefined)
      this.#stamps?.set(file.path, { ...hashed, modifiedMs: file.modifiedMs });
    return hashed;
  }

  /** What a collection's table has to gain. */
  async missingIn(collection: string, digests: ReadonlySet<string>): Promise<StoredAttachment[]> {
    const there = (await this.#load()).get(collection);
    return [...digests]
      .filter((sha256) => there?.has(sha256) !== true)
      .map((sha256) => this.#known.get(sha256)!);
  }

  async #putSmall(file: SourceFile): Promise<HashedFile> {
    const pieces: Bytes[] = [];
    for await (const piece of file.open()) pieces.push(piece);
    const bytes = pieces.length === 1 ? pieces[0]! : concatBytes(...pieces);
    if (bytes.length > PART_BYTES) return this.#store(() => this.#write(once(bytes)));
    const { primitives, id } = this.#history.vault;
    const digest = primitives.sha256(bytes);
    return this.#storeOnce({ sha256: bytesToHex(digest), sizeBytes: bytes.length }, () =>
      writeSmallAttachment(primitives, this.#writer, id, { bytes, digest }),
    );
  }

  /** Only a file of a size that is known already may be known itself; else one reading is enough. */
  async #putLarge(file: SourceFile): Promise<HashedFile> {
    if (!this.#knownSizes.has(file.sizeBytes)) return this.#store(() => this.#write(file.open()));
    const state = this.#history.vault.primitives.sha256Stream();
    let sizeBytes = 0;
    for await (const piece of file.open()) {
      state.update(piece);
      sizeBytes += piece.length;
    }
    const sha256 = bytesToHex(state.digest());
    return this.#storeOnce({ sha256, sizeBytes }, () => this.#write(file.open()));
  }

  #write(content: AsyncIterable<Bytes>): Promise<StoredAttachment> {
    const { primitives, id } = this.#history.vault;
    return writeAttachment(primitives, this.#writer, id, content);
  }

  async #storeOnce(hashed: HashedFile, write: () => Promise<StoredAttachment>): Promise<HashedFile> {
    const { sha256 } = hashed;
    if (this.#known.has(sha256)) return hashed;
    const pending = this.#pending.get(sha256) ?? this.#store(write);
    this.#pending.set(sha256, pending);
    return pending.finally(() => this.#pending.delete(sha256));
  }

  /** A file that changed between hashing and storing is known by what was stored. */
  async #store(write: () => Promise<StoredAttachment>): Promise<HashedFile> {
    const stored = await write();
    this.#know(stored);
    this.#resume?.noteAttachment(stored);
    this.newFiles++;
    this.newBytes += stored.sizeBytes;
    return stored;
  }

  #know(stored: StoredAttachment): void {
    this.#known.set(stored.sha256, stored);
    this.#knownSizes.add(stored.sizeBytes);
  }

  #load(): Promise<Map<string, Set<string>>> {
    this.#loaded ??= this.#loadAll();
    return this.#loaded;
  }

  async #loadAll(): Promise<Map<string, Set<string>>> {
    const byCollection = new Map<string, Set<string>>();
    for (const [collection, rows] of await storedAttachments(this.#history)) {
      byCollection.set(collection, new Set(rows.map((row) => row.sha256)));
      for (const row of rows) this.#know(row);
    }
    return byCollection;
  }
}

// oxlint-disable-next-line typescript/require-await -- a content in memory where a stream is wanted
async function* once(content: Bytes): AsyncGenerator<Bytes> {
  yield content;
}
