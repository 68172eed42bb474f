import { bytesToHex, type Primitives } from "@keepsake/core/base";
import { putFile, type FileWriter, type Source, type Target } from "@keepsake/core/formats";
import type { FailedFile, FileJob, RestoredFile } from "@keepsake/core/history";
import type { SourceFile } from "@keepsake/core/model";

/** Files are restored in batches: enough of them to be read in the order in which they lie. */
const BATCH_FILES = 128;
/** Text does not wait for files, until so many of them do. */
const WAITING_FILES = 16_384;

/** Restores some files; those that it could not. Throws what fails with the target. */
export type Restore = (jobs: readonly FileJob[]) => Promise<readonly FailedFile[]>;

export interface OutTargetOptions {
  /** The folder itself. */
  readonly folder: Target;
  /** By whom files are restored while text is written, each a batch at a time. */
  readonly beside: readonly Restore[];
  /** Who helps once all text is there. */
  readonly after: readonly Restore[];
  readonly primitives: Pick<Primitives, "sha256Stream">;
  /** Whether files wait until all text is there. */
  readonly isTextFirst: boolean;
  readonly onFailed: (file: RestoredFile, failed: FailedFile) => void;
}

/** A folder to which text is written here, and attachments by others beside it; it knows the digest of all text. */
export class OutTarget implements Target {
  readonly #options: OutTargetOptions;
  readonly #texts = new Map<string, string>();
  readonly #queued = new Map<string, RestoredFile>();
  /** Of a file of the vault, the chat that it is of. */
  readonly #taken = new Map<string, string | undefined>();
  /** Who is at work, with what they are at: a failure shows where it is waited for. */
  readonly #atWork = new Map<number, Promise<void>>();
  #leastFiles = BATCH_FILES;

  constructor(options: OutTargetOptions) {
    this.#options = options;
  }

  async create(path: string): Promise<FileWriter> {
    const file = await this.#options.folder.create(path);
    this.#taken.set(path, undefined);
    const hash = this.#options.primitives.sha256Stream();
    return {
      write: (bytes) => {
        hash.update(bytes);
        return file.write(bytes);
      },
      close: async () => {
        await file.close();
        this.#texts.set(path, bytesToHex(hash.digest()));
      },
      [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
    };
  }

  /** The folder was empty: what is there, this has taken. */
  has(path: string): Promise<boolean> {
    return Promise.resolve(this.#taken.has(path));
  }

  async put(path: string, file: SourceFile): Promise<void> {
    if (!isRestored(file)) return putFile(this.#options.folder, path, file);
    this.#taken.set(path, file.collection);
    this.#queued.set(path, file);
    const { beside, isTextFirst } = this.#options;
    if (isTextFirst || this.#queued.size < BATCH_FILES) return;
    if (this.#queued.size >= WAITING_FILES) await this.#restoreBatch(beside[0]!);
    else this.#begin(beside);
  }

  /** Waits until every file is there: to be called once all text is. */
  async settle(): Promise<void> {
    this.#leastFiles = 1;
    const { beside, after } = this.#options;
    this.#begin([...beside, ...after]);
    const ended = await Promise.allSettled(this.#atWork.values());
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  }

  /** The attachments that were given to the thread, with the collection of their chat. Some may have failed. */
  *restored(): Generator<readonly [path: string, collection: string]> {
    for (const [path, collection] of this.#taken) if (collection !== undefined) yield [path, collection];
  }

  /** Reads the text back: how many files of it are not what was written. */
  async changedTexts(source: Source): Promise<number> {
    let changed = 0;
    for (const [path, digest] of this.#texts) {
      const file = await source.file(path);
      const hash = this.#options.primitives.sha256Stream();
      for await (const piece of file?.open() ?? []) hash.update(piece);
      if (bytesToHex(hash.digest()) !== digest) changed++;
    }
    return changed;
  }

  /** Those who are not at work begin. */
  #begin(all: readonly Restore[]): void {
    for (const [place, restore] of all.entries()) {
      if (this.#atWork.has(place)) continue;
      const work = this.#restoreAll(restore, place);
      work.catch(() => undefined);
      this.#atWork.set(place, work);
    }
  }

  async #restoreAll(restore: Restore, place: number): Promise<void> {
    while (this.#queued.size >= this.#leastFiles) await this.#restoreBatch(restore);
    this.#atWork.delete(place);
  }

  async #restoreBatch(restore: Restore): Promise<void> {
    const files = new Map<string, RestoredFile>();
    for (const [path, file] of this.#queued) {
      if (files.size === BATCH_FILES) break;
      files.set(path, file);
      this.#queued.delete(path);
    }
    const jobs = [...files].map(([path, { stored }]): FileJob => ({ path, stored }));
    for (const each of await restore(jobs)) this.#options.onFailed(files.get(each.path)!, each);
  }
}

function isRestored(file: SourceFile): file is RestoredFile {
  return "stored" in file;
}
