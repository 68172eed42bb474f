import { bytesToHex } from "../../base/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { PackReader } from "../../vault/index.ts";
import { readAttachmentTable, type StoredAttachment } from "../rows/attachments.ts";
import { readDeltaAttachments } from "../state/delta.ts";
import { manifestOf, rowKeys, type History } from "../state/state.ts";
import type { FileSealer, HashedFile, HashedParts, PutFile } from "./seal-files.ts";
import type { Resume } from "../write/resume.ts";

/** What a file was when it was hashed last: an unchanged one is not read again. */
export interface FileStamp {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly sha256: string;
  readonly changed?: string | undefined;
}

/** Remembers stamps between runs on one device; losing it costs time, never content. */
export interface StampCache {
  /** Called once, before the first file is asked for. */
  load(): Promise<void>;
  get(path: string): FileStamp | undefined;
  set(path: string, stamp: FileStamp): void;
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
  readonly #stamps: StampCache | undefined;
  readonly #resume: Resume | undefined;
  readonly #start: (known: readonly HashedFile[]) => FileSealer;
  readonly #known = new Map<string, StoredAttachment>();
  /** Sizes of contents that were known when they were first asked for. */
  #sizes: Set<number> | undefined;
  #loaded: Promise<Map<string, Set<string>>> | undefined;
  /** Started with the first file that has to be read. */
  #sealer: FileSealer | undefined;
  newFiles = 0;
  newBytes = 0;

  constructor(
    history: History,
    options: {
      /** Called with all contents that are known, before the first file is put. */
      start: (known: readonly HashedFile[]) => FileSealer;
      stamps?: StampCache | undefined;
      resume?: Resume | undefined;
    },
  ) {
    this.#history = history;
    this.#start = options.start;
    this.#stamps = options.stamps;
    this.#resume = options.resume;
  }

  /** What the file is, if the vault has it; undefined else. Only a file of a size that is known is read. */
  async find(file: SourceFile): Promise<HashedFile | undefined> {
    await this.#load();
    const stamp = this.#sameStamp(file);
    if (stamp !== undefined)
      return this.#known.has(stamp.sha256) ? { sha256: stamp.sha256, sizeBytes: stamp.sizeBytes } : undefined;
    this.#sizes ??= new Set([...this.#known.values()].map(({ sizeBytes }) => sizeBytes));
    if (!this.#sizes.has(file.sizeBytes)) return undefined;
    const hash = this.#history.vault.primitives.sha256Stream();
    for await (const piece of file.open()) hash.update(piece);
    const known = this.#known.get(bytesToHex(hash.digest()));
    return known && { sha256: known.sha256, sizeBytes: known.sizeBytes };
  }

  /** Hashes the file and stores it if no chat has it yet, as one of this week where it may go by its age. */
  async put(file: SourceFile, week?: number): Promise<HashedFile> {
    await this.#load();
    const stamp = this.#sameStamp(file);
    if (stamp !== undefined && this.#known.has(stamp.sha256)) return stamp;
    const put = await this.#started().put(file, week);
    this.#note(put);
    this.#setStamp(file, put);
    return { sha256: put.sha256, sizeBytes: put.sizeBytes };
  }

  /** Whether the file is, by its stamp, what has this digest, and the vault has these contents of it. */
  async isKnown(file: SourceFile, sha256: string, contents: readonly string[]): Promise<boolean> {
    await this.#load();
    return this.#sameStamp(file)?.sha256 === sha256 && contents.every((content) => this.#known.has(content));
  }

  /** As `put`, part by part: parts that are known are not stored again. */
  async putParts(file: SourceFile): Promise<HashedParts> {
    await this.#load();
    const parts: string[] = [];
    const hashed = await this.#started().putParts(file, (part) => {
      this.#note(part);
      parts.push(part.sha256);
    });
    this.#setStamp(file, hashed);
    return { ...hashed, parts };
  }

  #started(): FileSealer {
    return (this.#sealer ??= this.#start(
      [...this.#known.values()].map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes })),
    ));
  }

  #note({ stored, sha256, sizeBytes }: PutFile): void {
    if (stored === undefined) return;
    this.#known.set(sha256, stored);
    this.#resume?.noteAttachment(stored);
    this.newFiles++;
    this.newBytes += sizeBytes;
  }

  #sameStamp({ path, sizeBytes, modifiedMs, changed }: SourceFile): FileStamp | undefined {
    const stamp = this.#stamps?.get(path);
    const isSame = stamp?.sizeBytes === sizeBytes && stamp.modifiedMs === modifiedMs;
    return isSame && stamp.changed === changed ? stamp : undefined;
  }

  #setStamp({ path, modifiedMs, changed }: SourceFile, { sha256, sizeBytes }: HashedFile): void {
    if (modifiedMs !== undefined) this.#stamps?.set(path, { sha256, sizeBytes, modifiedMs, changed });
  }

  /** All that was put is durable afterwards. */
  async flush(): Promise<void> {
    await this.#sealer?.flush();
  }

  /** What a collection's table has to gain. */
  async missingIn(collection: string, digests: ReadonlySet<string>): Promise<StoredAttachment[]> {
    const there = (await this.#load()).get(collection);
    return [...digests]
      .filter((sha256) => there?.has(sha256) !== true)
      .map((sha256) => this.#known.get(sha256)!);
  }

  #load(): Promise<Map<string, Set<string>>> {
    this.#loaded ??= this.#loadAll();
    return this.#loaded;
  }

  async #loadAll(): Promise<Map<string, Set<string>>> {
    await this.#stamps?.load();
    const byCollection = new Map<string, Set<string>>();
    for (const stored of this.#resume?.attachments.values() ?? []) this.#known.set(stored.sha256, stored);
    for (const [collection, rows] of await storedAttachments(this.#history)) {
      byCollection.set(collection, new Set(rows.map((row) => row.sha256)));
      for (const row of rows) this.#known.set(row.sha256, row);
    }
    return byCollection;
  }
}
