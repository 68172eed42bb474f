import { KeepsakeError, Tails } from "../../base/index.ts";
import { compareText, type SourceFile } from "../../model/index.ts";
import {
  isKeptFile,
  LIST_PARTS,
  namedContents,
  toLists,
  type KeptEntry,
  type KeptFile,
} from "../rows/kept.ts";
import { PART_BYTES } from "../rows/attachments.ts";
import type { Row } from "../rows/row.ts";
import type { AttachmentStore } from "./attachments.ts";
import { isOfFile } from "./files.ts";

/** What a backup did to a kept folder. */
export interface FolderOutcome {
  readonly files: number;
  readonly bytes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** What a run says of a folder: the rows that its collection gains, and the contents that these name. */
export interface FolderRows {
  readonly rows: readonly Row[];
  readonly contents: ReadonlySet<string>;
  readonly outcome: FolderOutcome;
}

/** So many files are handed over before the first is done: they are hashed and sealed one after the other. */
const FILES_AHEAD = 4;

/** Takes a folder file by file, and tells what is not as it was. */
export class FolderIntake {
  readonly #known: ReadonlyMap<string, KeptEntry>;
  readonly #store: AttachmentStore;
  readonly #unreadable: (path: string) => void;
  readonly #now = new Map<string, KeptEntry>();
  readonly #contents = new Set<string>();
  readonly #pending = new Tails(FILES_AHEAD);

  /** `known` is what the folder held at its last run; what cannot be read is told, and stays as it was. */
  constructor(
    known: ReadonlyMap<string, KeptEntry>,
    store: AttachmentStore,
    unreadable: (path: string) => void,
  ) {
    this.#known = known;
    this.#store = store;
    this.#unreadable = unreadable;
  }

  /** Takes a file, or the path of an empty folder. */
  async keep(entry: SourceFile | string): Promise<void> {
    if (typeof entry === "string") this.#now.set(entry, { path: entry, isFolder: true });
    else await this.#pending.add(this.#keepFile(entry));
  }

  /** What came of it. Throws `history.folder-shrunk` where much is gone and the person has not said that it may be. */
  async finish(run: string, acceptShrink: boolean): Promise<FolderRows> {
    await this.#pending.settle();
    const removed = [...this.#known.keys()].filter((path) => !this.#now.has(path));
    if (!acceptShrink && this.#isShrunk(removed)) throw new KeepsakeError("history.folder-shrunk");
    const fresh = [...this.#now.values()]
      .filter((entry) => !isSame(this.#known.get(entry.path), entry))
      .sort((a, b) => compareText(a.path, b.path));
    const rows = [
      ...removed.map((path): Row => ({ run, removed: path })),
      ...fresh.map((kept): Row => ({ run, kept })),
    ];
    const files = [...this.#now.values()].filter(isKeptFile);
    const changed = fresh.filter(({ path }) => this.#known.has(path)).length;
    const outcome = {
      files: files.length,
      bytes: bytesOf(files),
      added: fresh.length - changed,
      changed,
      removed: removed.length,
    };
    return { rows, contents: this.#contents, outcome };
  }

  async #keepFile(file: SourceFile): Promise<void> {
    const known = this.#known.get(file.path);
    try {
      const same = known !== undefined && isKeptFile(known) && (await this.#isAsKnown(file, known));
      this.#take(same ? { ...known, ...timeOf(file) } : await this.#read(file));
    } catch (error) {
      if (!isOfFile(error)) throw error;
      this.#unreadable(file.path);
      this.#leave(file.path);
    }
  }

  /** What is at a path, and all that lies below it, stays as it was. */
  #leave(path: string): void {
    for (const [each, entry] of this.#known)
      if (each === path || each.startsWith(`${path}/`)) this.#now.set(each, entry);
  }

  #isAsKnown(file: SourceFile, known: KeptFile): Promise<boolean> {
    return this.#store.isKnown(file, known.digest, namedContents(known));
  }

  #take(file: KeptFile): void {
    this.#now.set(file.path, file);
    for (const content of namedContents(file)) this.#contents.add(content);
  }

  async #read(file: SourceFile): Promise<KeptFile> {
    if (file.sizeBytes <= PART_BYTES) {
      const { sha256, sizeBytes } = await this.#store.put(file);
      return { path: file.path, sizeBytes, ...timeOf(file), digest: sha256 };
    }
    const { sha256, sizeBytes, parts } = await this.#store.putParts(file);
    const about = { path: file.path, sizeBytes, ...timeOf(file), digest: sha256 };
    if (parts.length <= LIST_PARTS) return { ...about, parts };
    for (const part of parts) this.#contents.add(part);
    const lists: string[] = [];
    for (const bytes of toLists(parts)) {
      // oxlint-disable-next-line typescript/require-await -- a content in memory where a file is wanted
      const open = async function* (): AsyncGenerator<typeof bytes> {
        yield bytes;
      };
      const stored = await this.#store.put({ path: "", sizeBytes: bytes.length, open });
      lists.push(stored.sha256);
    }
    return { ...about, lists };
  }

  /** More than half of the files or of the bytes are gone. */
  #isShrunk(removed: readonly string[]): boolean {
    const before = [...this.#known.values()].filter(isKeptFile);
    const gone = new Set(removed);
    const goneFiles = before.filter(({ path }) => gone.has(path)).length;
    const bytesNow = bytesOf([...this.#now.values()].filter(isKeptFile));
    return goneFiles > before.length / 2 || bytesNow < bytesOf(before) / 2;
  }
}

function bytesOf(files: readonly KeptFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function timeOf({ modifiedMs }: SourceFile): { modifiedUs?: number } {
  return modifiedMs === undefined ? {} : { modifiedUs: Math.round(modifiedMs * 1000) };
}

function isSame(known: KeptEntry | undefined, entry: KeptEntry): boolean {
  if (known === undefined) return false;
  if (!isKeptFile(entry) || !isKeptFile(known)) return isKeptFile(entry) === isKeptFile(known);
  return (
    known.digest === entry.digest &&
    known.modifiedUs === entry.modifiedUs &&
    known.sizeBytes === entry.sizeBytes
  );
}
