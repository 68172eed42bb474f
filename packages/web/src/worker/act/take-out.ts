import { KeepsakeError, throwIfAborted, type Bytes, type Report } from "@keepsake/core/base";
import { formats, memoryFile, type FidelityReport } from "@keepsake/core/formats";
import {
  diskName,
  keptFiles,
  ownFault,
  readFolders,
  restoredBatches,
  RowReader,
  summaryOfFolder,
  type FolderSummary,
  type KeptEntry,
  type Selection,
} from "@keepsake/core/history";
import { zipTarget, type ByteSink } from "@keepsake/core/zip";
import type { Session } from "../session.ts";

/** What an export is to hold, and how. */
export interface ExportAsked {
  readonly format: string;
  readonly chats?: readonly string[];
  readonly from?: number;
  readonly until?: number;
  readonly withoutFiles?: boolean;
}

/** What came out: in the file that was chosen, or as a blob where the browser lets no file be chosen. */
export interface Exported {
  readonly blob?: Blob;
  readonly report: FidelityReport;
  readonly bytes: number;
}

export interface Copied {
  readonly blob?: Blob;
  readonly objects: number;
  readonly bytes: number;
}

/** A folder that is kept as it is. */
export interface KeptFolder extends FolderSummary {
  readonly id: string;
  readonly name: string;
  readonly format: string;
  /** What its zip is called. */
  readonly file: string;
}

/** What came of a kept folder: each file was compared with its digest while it was written. */
export interface FolderTaken {
  readonly blob?: Blob;
  readonly files: number;
  readonly bytes: number;
  /** Files that are not in the zip, because they are not what they were or have a name that no zip takes. */
  readonly failed: number;
}

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
  async export(
    asked: ExportAsked,
    file: FileSystemFileHandle | undefined,
    report: Report,
  ): Promise<Exported> {
    const { signal } = (this.#stop = new AbortController());
    const { history, vault } = this.#session.open;
    const format = formats.find(({ id }) => id === asked.format)!;
    const sink = await sinkFor(file, { report, signal });
    const now = Date.now();
    const target = zipTarget(sink, { modifiedMs: now, signal });
    const selection: Selection = {
      chats: asked.chats,
      from: asked.from,
      until: asked.until,
      withoutFiles: asked.withoutFiles,
    };
    const { primitives } = vault;
    try {
      const told = await format.write!(restoredBatches(history, selection), target, {
        signal,
        report,
        primitives,
        now,
      });
      await target.close();
      return { report: told, bytes: sink.bytes, ...sink.result() };
    } catch (error) {
      await sink.abort();
      throw error;
    }
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
    const { signal } = (this.#stop = new AbortController());
    const folder = (await this.#folders()).find(({ collection }) => collection === id);
    if (folder === undefined) throw new KeepsakeError("store.not-found");
    const sink = await sinkFor(file, { report, signal });
    const failures: unknown[] = [];
    const onFailed = (_path: string, error: unknown): void => void failures.push(error);
    const target = zipTarget(sink, { modifiedMs: Date.now(), signal, onFailed });
    const failed: KeptEntry[] = [];
    try {
      for await (const [entry, content] of keptFiles(this.#session.open.history, folder, { signal })) {
        const put = content === undefined ? target.makeFolder(entry.path) : target.put(entry.path, content);
        await put.catch((error: unknown) => failures.push(error));
        for (const error of failures) if (ownFault(error) === undefined) throw error;
        if (failures.splice(0).length > 0) failed.push(entry);
      }
      await target.close();
    } catch (error) {
      await sink.abort();
      throw error;
    }
    const written = new Map(folder.entries);
    for (const { path } of failed) written.delete(path);
    const { files, bytes } = summaryOfFolder(written);
    return { files, bytes, failed: failed.length, ...sink.result() };
  }

  #folders(): ReturnType<typeof readFolders> {
    return readFolders(new RowReader(this.#session.open.history));
  }

  /** Copies the vault as it lies on the server, sealed, into one zip: unpacked, it is a store that opens by the words. */
  async copy(file: FileSystemFileHandle | undefined, report: Report): Promise<Copied> {
    const { signal } = (this.#stop = new AbortController());
    const { store } = this.#session.direct;
    const sink = await sinkFor(file, { report, signal });
    const target = zipTarget(sink, { modifiedMs: Date.now(), signal });
    let objects = 0;
    try {
      // Packs first, heads last: a copy that ends early is a vault of an earlier version, or none.
      for (const folder of ["packs/", "journals/", "slots/", "heads/"]) {
        for await (const { name } of store.list(folder, { signal })) {
          const bytes = await store.get(name, undefined, { signal });
          if (bytes === undefined) continue;
          await target.put(name, memoryFile(name, bytes));
          objects++;
        }
      }
      await target.close();
    } catch (error) {
      await sink.abort();
      throw error;
    }
    await this.#session.amend({ copiedMs: Date.now() });
    return { objects, bytes: sink.bytes, ...sink.result() };
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
