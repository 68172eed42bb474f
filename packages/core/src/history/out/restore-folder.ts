import {
  bytesToHex,
  concatBytes,
  KeepsakeError,
  mapBounded,
  throwIfAborted,
  type Bytes,
  type Code,
  type Primitives,
  type Report,
} from "../../base/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { PackReader } from "../../vault/index.ts";
import { readAttachment, type StoredAttachment } from "../rows/attachments.ts";
import { fromList, isKeptFile, namedContents, type KeptEntry, type KeptFile } from "../rows/kept.ts";
import type { History } from "../state/state.ts";
import { AttachmentTables } from "./attachment-tables.ts";
import type { FailedFile } from "./restore-files.ts";

/** Where a kept folder is put back. A name that the system cannot take throws `format.unsafe-path`. */
export interface FolderSink {
  /** A new file. Disposed before `close`, it is taken away again. */
  create(path: string): Promise<FolderSinkFile>;
  makeFolder(path: string): Promise<void>;
}

export interface FolderSinkFile extends AsyncDisposable {
  /** The bytes are gone once it has ended. */
  write(bytes: Bytes): Promise<void>;
  /** Ends the file, with the time at which it was written to last. */
  close(modifiedUs: number | undefined): Promise<void>;
}

export interface FolderOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

const FILES_AT_ONCE = 4;
const READ_AHEAD_BYTES = 1024 * 1024;

/**
 * Puts a kept folder back, file by file, each compared with its digest while it is written; one that is not what it
 * was is taken away again and named. What fails with the target as a whole is thrown.
 */
export async function restoreFolder(
  history: History,
  { collection, entries }: KeptContents,
  sink: FolderSink,
  { signal, report }: FolderOptions = {},
): Promise<FailedFile[]> {
  const failed: FailedFile[] = [];
  const contents = await new AttachmentTables(history).of(collection);
  const reading = readingOf(history, contents, signal);
  const done = { objects: 0, bytes: 0 };
  const total = {
    bytes: [...entries.values()].filter(isKeptFile).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  const restored = mapBounded(inPackOrder(entries, contents), FILES_AT_ONCE, async (entry) => {
    throwIfAborted(signal);
    try {
      if (!isKeptFile(entry)) return await sink.makeFolder(entry.path);
      await using file = await sink.create(entry.path);
      for await (const part of partsOf(reading, entry)) {
        await file.write(part);
        done.bytes += part.length;
        report?.({ type: "progress", stage: "attachments", done: { ...done }, total });
      }
      await file.close(entry.modifiedUs);
      done.objects++;
    } catch (error) {
      const code = faultOfOneFile(error);
      if (code === undefined) throw error;
      failed.push({ path: entry.path, code });
    }
  });
  for await (const _ of restored);
  return failed;
}

/**
 * What a kept folder holds, files with their content, in the order in which it is read best. A file that is not what it
 * was throws `vault.corrupt` at its end.
 */
export async function* keptFiles(
  history: History,
  { collection, entries }: KeptContents,
  { signal }: Pick<FolderOptions, "signal"> = {},
): AsyncGenerator<readonly [entry: KeptEntry, content: SourceFile | undefined]> {
  const contents = await new AttachmentTables(history).of(collection);
  const reading = readingOf(history, contents, signal);
  for (const entry of inPackOrder(entries, contents))
    yield [entry, isKeptFile(entry) ? sourceFileOf(reading, entry) : undefined];
}

function sourceFileOf(reading: Reading, file: KeptFile): SourceFile {
  const { path, sizeBytes, modifiedUs } = file;
  const open = (): AsyncGenerator<Bytes> => partsOf(reading, file);
  return { path, sizeBytes, open, ...(modifiedUs !== undefined && { modifiedMs: modifiedUs / 1000 }) };
}

/** The name of a kept folder as any disk takes it. */
export function diskName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what disks refuse
  return name.replace(/[\\/:*?"<>|\u0000-\u001f]|[. ]+$/g, "_").slice(0, 100) || "folder";
}

/** A kept folder, as far as it is to come back. */
export interface KeptContents {
  readonly collection: string;
  readonly entries: ReadonlyMap<string, KeptEntry>;
}

interface Reading {
  readonly history: History;
  readonly contents: ReadonlyMap<string, StoredAttachment>;
  readonly packs: PackReader;
}

function readingOf(
  history: History,
  contents: ReadonlyMap<string, StoredAttachment>,
  signal: AbortSignal | undefined,
): Reading {
  const packs = new PackReader(history.vault.store, { readAheadBytes: READ_AHEAD_BYTES, signal });
  return { history, contents, packs };
}

/** The code of what concerns one file of a kept folder alone: the others can go on. */
export function faultOfOneFile(error: unknown): Code | undefined {
  if (!KeepsakeError.is(error)) return undefined;
  return ofOneFile.has(error.code) ? error.code : undefined;
}

const ofOneFile: ReadonlySet<Code> = new Set([
  "vault.corrupt",
  "store.not-found",
  "format.unsafe-path",
  "format.target-exists",
] as const);

/** The bytes of a file, part by part. Throws `vault.corrupt` at the end where the whole is not what it was. */
async function* partsOf(reading: Reading, file: KeptFile): AsyncGenerator<Bytes> {
  const { primitives } = reading.history.vault;
  const whole = primitives.sha256Stream();
  let sizeBytes = 0;
  for await (const digest of digestsOf(reading, file)) {
    for await (const part of contentOf(reading, digest)) {
      whole.update(part);
      sizeBytes += part.length;
      yield part;
    }
  }
  if (bytesToHex(whole.digest()) !== file.digest || sizeBytes !== file.sizeBytes)
    throw new KeepsakeError("vault.corrupt", { details: { what: "kept-file" } });
}

/** Digests of all contents that an entry of a version needs, its lists too. */
export async function contentsOf(
  history: History,
  contents: ReadonlyMap<string, StoredAttachment>,
  entry: KeptEntry,
): Promise<readonly string[]> {
  const named = namedContents(entry);
  if (!isKeptFile(entry) || entry.lists === undefined) return named;
  const reading: Reading = { history, contents, packs: new PackReader(history.vault.store) };
  const all = [...named];
  for await (const digest of digestsOf(reading, entry)) all.push(digest);
  return all;
}

async function* digestsOf(reading: Reading, file: KeptFile): AsyncGenerator<string> {
  if (file.lists === undefined) return yield* namedContents(file);
  for (const list of file.lists) yield* fromList(await wholeOf(contentOf(reading, list)));
}

async function wholeOf(parts: AsyncIterable<Bytes>): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const part of parts) pieces.push(part);
  return concatBytes(...pieces);
}

function contentOf({ history, contents, packs }: Reading, digest: string): AsyncGenerator<Bytes> {
  const stored = contents.get(digest);
  if (stored === undefined) throw new KeepsakeError("vault.corrupt", { details: { what: "kept-content" } });
  return readAttachment(history.vault.primitives, packs, history.vault.id, stored);
}

/** Files that lie side by side in packs are read one after the other. */
function inPackOrder(
  entries: ReadonlyMap<string, KeptEntry>,
  contents: ReadonlyMap<string, StoredAttachment>,
): KeptEntry[] {
  const packs = new Map<string, number>();
  const placed = [...entries.values()].map((entry) => {
    const [pack = "", offset = 0] = contents.get(namedContents(entry)[0] ?? "")?.parts[0] ?? [];
    if (!packs.has(pack)) packs.set(pack, packs.size);
    return { entry, pack: packs.get(pack)!, offset };
  });
  return placed.sort((a, b) => a.pack - b.pack || a.offset - b.offset).map(({ entry }) => entry);
}

/** How a file on the disk differs from what is kept. */
export interface FolderDifference {
  readonly path: string;
  readonly what: "missing" | "missing-folder" | "size" | "content" | "time";
}

/** What lies in a folder now, by the paths of what was kept. */
export interface FolderThere {
  file(path: string): Promise<SourceFile | undefined>;
  hasFolder(path: string): Promise<boolean>;
}

/** Compares what lies in a folder now with what is kept: every name, size, time and byte, and every empty folder. */
export async function compareFolder(
  entries: ReadonlyMap<string, KeptEntry>,
  there: FolderThere,
  primitives: Pick<Primitives, "sha256Stream">,
  { signal, report }: FolderOptions = {},
): Promise<FolderDifference[]> {
  const differences: FolderDifference[] = [];
  const done = { objects: 0, bytes: 0 };
  for (const entry of entries.values()) {
    throwIfAborted(signal);
    const { path } = entry;
    if (!isKeptFile(entry)) {
      if (!(await there.hasFolder(path))) differences.push({ path, what: "missing-folder" });
      continue;
    }
    const what = await differenceOf(entry, await there.file(path), primitives);
    if (what !== undefined) differences.push({ path, what });
    done.objects++;
    done.bytes += entry.sizeBytes;
    report?.({ type: "progress", stage: "verify", done: { ...done } });
  }
  return differences;
}

async function differenceOf(
  kept: KeptFile,
  file: SourceFile | undefined,
  primitives: Pick<Primitives, "sha256Stream">,
): Promise<FolderDifference["what"] | undefined> {
  if (file === undefined) return "missing";
  if (file.sizeBytes !== kept.sizeBytes) return "size";
  const hash = primitives.sha256Stream();
  for await (const piece of file.open()) hash.update(piece);
  if (bytesToHex(hash.digest()) !== kept.digest) return "content";
  if (kept.modifiedUs === undefined || file.modifiedMs === undefined) return undefined;
  // What a file system keeps in whole ticks may be one off.
  return Math.abs(Math.round(file.modifiedMs * 1000) - kept.modifiedUs) > 1 ? "time" : undefined;
}
