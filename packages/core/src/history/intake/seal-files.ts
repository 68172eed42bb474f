import { bytesToHex, concatBytes, Gate, type Bytes, type Primitives } from "../../base/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { PackWriter, type StoredPack, type Vault } from "../../vault/index.ts";
import { PART_BYTES, type StoredAttachment } from "../rows/attachments.ts";
import { inParts, writeAttachment, writeSmallAttachment } from "../rows/write-attachments.ts";

export interface HashedFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A file as its parts, by digest. */
export interface HashedParts extends HashedFile {
  readonly parts: readonly string[];
}

/** A file that was put: what it is, and where it lies if it was not known before. */
export interface PutFile extends HashedFile {
  readonly stored?: StoredAttachment | undefined;
}

/** Where files are hashed and sealed: in place, or by a thread. */
export interface FileSealer {
  /** Hashes the file and stores it if its content is not known yet, as one of this week where it may go by its age. */
  put(file: SourceFile, week?: number): Promise<PutFile>;
  /** Hashes the file and stores those of its parts that are not known yet; `onPart` is told of each in their order. */
  putParts(file: SourceFile, onPart: (part: PutFile) => void): Promise<HashedFile>;
  /** All that was put is durable afterwards. */
  flush(): Promise<void>;
}

/** What a sealer begins with. */
export interface FileSealerStart {
  /** Contents that the vault has. */
  readonly known: readonly HashedFile[];
  /** How the directories of packs are sealed. */
  readonly packs: { readonly vaultId: Bytes; readonly key: Bytes; readonly epoch: number };
  readonly onStored: (pack: StoredPack) => Promise<void> | void;
  readonly signal?: AbortSignal | undefined;
}

/** So many files are in memory at a time, each up to a part long. */
const FILES_AT_ONCE = 4;
/** Three sealed parts in a pack: one more would take a quarter more memory while packs fill, and save little. */
const PACK_BYTES = 3 * PART_BYTES + 64 * 1024;

/** Hashes and seals files here, each content once, into packs of a store. */
export class FilesInPlace implements FileSealer {
  readonly #primitives: Primitives;
  readonly #vaultId: Bytes;
  readonly #writer: PackWriter;
  readonly #gate = new Gate(FILES_AT_ONCE);
  readonly #known = new Set<string>();
  readonly #knownSizes = new Set<number>();
  readonly #pending = new Map<string, Promise<PutFile>>();

  constructor(
    { primitives, store }: Pick<Vault, "primitives" | "store">,
    { known, packs, onStored, signal }: FileSealerStart,
  ) {
    this.#primitives = primitives;
    this.#vaultId = packs.vaultId;
    const options = { ...packs, primitives, store, onStored, signal, isSteady: true, aimBytes: PACK_BYTES };
    this.#writer = new PackWriter(options);
    for (const file of known) this.#know(file);
  }

  put(file: SourceFile, week?: number): Promise<PutFile> {
    const isSmall = file.sizeBytes <= PART_BYTES;
    return this.#gate.pass(undefined, () =>
      isSmall ? this.#putSmall(file, week) : this.#putLarge(file, week),
    );
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  putParts(file: SourceFile, onPart: (part: PutFile) => void): Promise<HashedFile> {
    return this.#gate.pass(undefined, async () => {
      const whole = this.#primitives.sha256Stream();
      let sizeBytes = 0;
      for await (const bytes of inParts(file.open())) {
        whole.update(bytes);
        sizeBytes += bytes.length;
        onPart(await this.#putBytes(bytes));
      }
      return { sha256: bytesToHex(whole.digest()), sizeBytes };
    });
  }

  async #putSmall(file: SourceFile, week: number | undefined): Promise<PutFile> {
    const pieces: Bytes[] = [];
    for await (const piece of file.open()) pieces.push(piece);
    const bytes = pieces.length === 1 ? pieces[0]! : concatBytes(...pieces);
    const isLarge = bytes.length > PART_BYTES;
    return isLarge ? this.#store(this.#write(once(bytes), week)) : this.#putBytes(bytes, week);
  }

  #putBytes(bytes: Bytes, week?: number): Promise<PutFile> {
    const digest = this.#primitives.sha256(bytes);
    return this.#putOnce({ sha256: bytesToHex(digest), sizeBytes: bytes.length }, () =>
      writeSmallAttachment(this.#primitives, this.#writer, this.#vaultId, { bytes, digest, week }),
    );
  }

  /** Only a file of a size that is known already may be known itself; else one reading is enough. */
  async #putLarge(file: SourceFile, week: number | undefined): Promise<PutFile> {
    if (!this.#knownSizes.has(file.sizeBytes)) return this.#store(this.#write(file.open(), week));
    const state = this.#primitives.sha256Stream();
    let sizeBytes = 0;
    for await (const piece of file.open()) {
      state.update(piece);
      sizeBytes += piece.length;
    }
    const sha256 = bytesToHex(state.digest());
    return this.#putOnce({ sha256, sizeBytes }, () => this.#write(file.open(), week));
  }

  #write(content: AsyncIterable<Bytes>, week: number | undefined): Promise<StoredAttachment> {
    return writeAttachment(this.#primitives, this.#writer, this.#vaultId, { content, week });
  }

  /** Of several puts of one content at a time, the first one stores it. */
  async #putOnce(hashed: HashedFile, write: () => Promise<StoredAttachment>): Promise<PutFile> {
    const { sha256 } = hashed;
    if (this.#known.has(sha256)) return hashed;
    const pending = this.#pending.get(sha256);
    if (pending !== undefined) {
      const { stored: _, ...put } = await pending;
      return put;
    }
    const putting = this.#store(write());
    this.#pending.set(sha256, putting);
    return putting.finally(() => this.#pending.delete(sha256));
  }

  /** A file that changed between hashing and storing is known by what was stored. */
  async #store(writing: Promise<StoredAttachment>): Promise<PutFile> {
    const stored = await writing;
    this.#know(stored);
    return { sha256: stored.sha256, sizeBytes: stored.sizeBytes, stored };
  }

  #know({ sha256, sizeBytes }: HashedFile): void {
    this.#known.add(sha256);
    this.#knownSizes.add(sizeBytes);
  }
}

// oxlint-disable-next-line typescript/require-await -- a content in memory where a stream is wanted
async function* once(content: Bytes): AsyncGenerator<Bytes> {
  yield content;
}
