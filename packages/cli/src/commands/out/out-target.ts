import { bytesToHex, Tails, type Primitives } from "@keepsake/core/base";
import { putFile, type FileWriter, type Source, type Target } from "@keepsake/core/formats";
import type { FailedFile, FileJob, RestoredFile } from "@keepsake/core/history";
import type { SourceFile } from "@keepsake/core/model";
import type { RestoreThread } from "@keepsake/core/node";

/** Files go to the thread in batches: enough of them to be read in the order in which they lie. */
const BATCH_FILES = 256;
/** Text does not wait for files, until so many batches do. */
const BATCHES_AHEAD = 64;

export interface OutTargetOptions {
  /** The folder itself. */
  readonly folder: Target;
  readonly worker: RestoreThread;
  readonly primitives: Pick<Primitives, "sha256Stream">;
  /** Whether files wait until all text is there. */
  readonly isTextFirst: boolean;
  readonly onFailed: (file: RestoredFile, failed: FailedFile) => void;
}

/** A folder to which text is written here, and attachments by a thread of their own; it knows the digest of all text. */
export class OutTarget implements Target {
  readonly #options: OutTargetOptions;
  readonly #texts = new Map<string, string>();
  readonly #queued = new Map<string, RestoredFile>();
  /** Of a file of the vault, the chat that it is of. */
  readonly #taken = new Map<string, string | undefined>();
  readonly #batches = new Tails(BATCHES_AHEAD);

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
    if (!this.#options.isTextFirst && this.#queued.size >= BATCH_FILES) await this.#send();
  }

  /** Waits until every file is there. */
  async settle(): Promise<void> {
    while (this.#queued.size > 0) await this.#send();
    await this.#batches.settle();
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

  #send(): Promise<void> {
    const files = new Map([...this.#queued].slice(0, BATCH_FILES));
    for (const path of files.keys()) this.#queued.delete(path);
    const jobs = [...files].map(([path, { stored }]): FileJob => ({ path, stored }));
    const restored = this.#options.worker.restore(jobs).then((failed) => {
      for (const each of failed) this.#options.onFailed(files.get(each.path)!, each);
    });
    return this.#batches.add(restored);
  }
}

function isRestored(file: SourceFile): file is RestoredFile {
  return "stored" in file;
}
