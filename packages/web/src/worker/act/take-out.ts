import { KeepsakeError, throwIfAborted, type Bytes, type Report } from "@keepsake/core/base";
import { formats, memoryFile, type FidelityReport } from "@keepsake/core/formats";
import {
  diskName,
  keptFiles,
  faultOfOneFile,
  readFolders,
  restoredBatches,
  RowReader,
  summaryOfFolder,
  type FolderSummary,
  type Selection,
} from "@keepsake/core/history";
import { zipTarget, type ByteSink, type ZipTarget } from "@keepsake/core/zip";
import type { Session } from "../session.ts";

/** What an export is to hold, and how. */
export interface ExportAsked {
  readonly format: string;
  readonly chats?: readonly string[];
  readonly from?: number;
  readonly until?: number;
  readonly withoutFiles?: boolean;
}

/** A zip that was written: into the file that was chosen, or as a blob where the browser lets no file be chosen. */
interface Written {
  readonly blob?: Blob;
  readonly bytes: number;
}

export interface Exported extends Written {
  readonly report: FidelityReport;
}

export interface Copied extends Written {
  readonly objects: number;
}

/** A folder that is kept as it is. */
export interface KeptFolder extends FolderSummary {
  readonly id: string;
  readonly name: string;
  readonly format: string;
  /** What its zip is called. */
  readonly file: string;
}

/** What came of a kept folder, each file compared with its digest while it was written; `bytes` are those of its files. */
export interface FolderTaken extends Written {
  readonly files: number;
  /** Files that are not in the zip, because they are not what they were or have a name that no zip takes. */
  readonly failed: number;
}

/** Puts into a zip what it is to hold. */
type Fill<T> = (target: ZipTarget, how: { readonly signal: AbortSignal; readonly now: number }) => Promise<T>;

const TOLD_BYTES = 1024 * 1024;

/** Histories on their way out. */
export class TakeOut {
  readonly #session: Session;
  #stop: AbortController | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The formats that can be written. */
  writers(): readonly string[] {
    return formats.filter((format) => format.write !== undefined).map(({ id }) => id);
  }

  /** Writes a history in a format, as one zip. It is readable by whoever has it: nothing of it waits on a disk of ours. */
  export(asked: ExportAsked, file: FileSystemFileHandle | undefined, report: Report): Promise<Exported> {
    const { history, vault } = this.#session.open;
    const format = formats.find(({ id }) => id === asked.format)!;
    const { chats, from, until, withoutFiles } = asked;
    const selection: Selection = { chats, from, until, withoutFiles };
    const { primitives } = vault;
    return this.#toZip(file, report, async (target, { signal, now }) => ({
      report: await format.write!(restoredBatches(history, selection), target, {
        signal,
        report,
        primitives,
        now,
      }),
    }));
  }

  /** The folders that are kept as they are. */
  async folders(): Promise<readonly KeptFolder[]> {
    return (await this.#folders()).map(({ source: { name, format }, collection, entries }) => ({
      id: collection,
      name,
      format,
      file: `${diskName(name)}.zip`,
      ...summaryOfFolder(entries),
    }));
  }

  /** Writes a kept folder as it was into one zip. */
  async folder(id: string, file: FileSystemFileHandle | undefined, report: Report): Promise<FolderTaken> {
    const folder = (await this.#folders()).find(({ collection }) => collection === id);
    if (folder === undefined) throw new KeepsakeError("store.not-found");
    const { history } = this.#session.open;
    const written = new Map(folder.entries);
    const failures: unknown[] = [];
    const fill: Fill<FolderTaken> = async (target, { signal }) => {
      for await (const [entry, content] of keptFiles(history, folder, { signal })) {
        const put = content === undefined ? target.makeFolder(entry.path) : target.put(entry.path, content);
        await put.catch((error: unknown) => failures.push(error));
        for (const error of failures) if (faultOfOneFile(error) === undefined) throw error;
        if (failures.splice(0).length > 0) written.delete(entry.path);
      }
      const { files, bytes } = summaryOfFolder(written);
      return { files, bytes, failed: folder.entries.size - written.size };
    };
    return this.#toZip(file, report, fill, (_path, error) => failures.push(error));
  }

  #folders(): ReturnType<typeof readFolders> {
    return readFolders(new RowReader(this.#session.open.history));
  }

  /** Copies the vault as it lies on the server, sealed, into one zip: unpacked, it is a store that opens by the words. */
  async copy(file: FileSystemFileHandle | undefined, report: Report): Promise<Copied> {
    const { store } = this.#session.direct;
    const copied = await this.#toZip(file, report, async (target, { signal }) => {
      let objects = 0;
      // Packs first, heads last: a copy that ends early is a vault of an earlier version, or none.
      for (const folder of ["packs/", "journals/", "slots/", "heads/"])
        for await (const { name } of store.list(folder, { signal })) {
          const bytes = await store.get(name, undefined, { signal });
          if (bytes === undefined) continue;
          await target.put(name, memoryFile(name, bytes));
          objects++;
        }
      return { objects };
    });
    await this.#session.amend({ copiedMs: Date.now() });
    return copied;
  }

  /** Writes one zip, and says what came of it; where that ends early, nothing of it is left. */
  async #toZip<T>(
    file: FileSystemFileHandle | undefined,
    report: Report,
    fill: Fill<T>,
    onFailed?: (path: string, error: unknown) => void,
  ): Promise<Written & T> {
    const { signal } = (this.#stop = new AbortController());
    const sink = await sinkFor(file, { report, signal });
    const now = Date.now();
    const target = zipTarget(sink, { modifiedMs: now, signal, onFailed });
    try {
      const filled = await fill(target, { signal, now });
      await target.close();
      return { bytes: sink.bytes, ...sink.result(), ...filled };
    } catch (error) {
      await sink.abort();
      throw error;
    }
  }

  stop(): void {
    this.#stop?.abort();
  }
}

interface Sink extends ByteSink {
  readonly bytes: number;
  /** What is to be handed to the person, where there is no file yet. */
  result(): { readonly blob?: Blob };
  abort(): Promise<void>;
}

interface Telling {
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function sinkFor(file: FileSystemFileHandle | undefined, { report, signal }: Telling): Promise<Sink> {
  const stream = await file?.createWritable();
  const parts: Bytes[] = [];
  let [bytes, told] = [0, 0];
  return {
    async write(piece) {
      throwIfAborted(signal);
      // The writer of the zip goes on with its buffer.
      const own = new Uint8Array(piece);
      if (stream === undefined) parts.push(own);
      else await stream.write(own);
      bytes += own.length;
      if (bytes - told < TOLD_BYTES) return;
      told = bytes;
      report({ type: "progress", stage: "copy", done: { bytes } });
    },
    close: () => stream?.close() ?? Promise.resolve(),
    get bytes() {
      return bytes;
    },
    result: () => (stream === undefined ? { blob: new Blob(parts, { type: "application/zip" }) } : {}),
    abort: () => stream?.abort() ?? Promise.resolve(),
  };
}
