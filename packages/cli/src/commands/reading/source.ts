import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { bytesToHex, textToBytes, throwIfAborted, type Finding, type Progress } from "@keepsake/core/base";
import { detectFormat, folder, formats, type Format, type Source } from "@keepsake/core/formats";
import type { SourceFile } from "@keepsake/core/model";
import { folderSource } from "@keepsake/core/node";
import { isZip, zipSource } from "@keepsake/core/zip";
import type { Context } from "../../context.ts";
import { usageError } from "../../input.ts";
import type { Output } from "../../ui/output.ts";

/** An export that is about to be read. */
export interface ChosenSource {
  readonly place: string;
  readonly format: Format;
  readonly source: Source;
  /** What its name is where the person gives none. */
  readonly defaultName: string;
  readonly files: number;
  readonly bytes: number;
  /** Equal for an export in which nothing changed. */
  readonly fingerprint: string;
}

const REPORTED_EVERY = 64;
const QUIET_SECONDS = 30;

/** Finds out what lies at a path, and looks at all its files once. */
export async function chooseSource(context: Context, path: string): Promise<ChosenSource> {
  const { input, output, signal, clock } = context;
  const place = resolve(path);
  const asked = input.oneOf(
    "format",
    formats.map(({ id }) => id),
  );
  const found = await sourceAt(place, asked);
  const id = asked ?? (await detectFormat(found, formats)).format;
  const format = formats.find((each) => each.id === id)!;
  const quietMs = (input.number("quietTime") ?? QUIET_SECONDS) * 1000;
  const settling = { clock, quietMs, signal, report: output.report };
  const source = (await format.settle?.(found, settling)) ?? found;
  return { place, format, source, defaultName: nameFrom(place), ...(await lookAt(context, source, format)) };
}

/** A folder or a file; of a zip file what it holds, unless files are to be kept just as they are. */
async function sourceAt(place: string, format: string | undefined): Promise<Source> {
  const found = await folderSource(place);
  if (format === folder.id || !(await stat(place)).isFile()) return found;
  const file = await found.file(basename(place));
  return file !== undefined && (await isZip(file)) ? zipSource(file) : found;
}

/** What is in a source, file by file, as one digest. */
async function lookAt(
  { input, primitives, output, signal }: Context,
  source: Source,
  format: Format,
): Promise<Pick<ChosenSource, "files" | "bytes" | "fingerprint">> {
  const isKept = format.settle !== undefined;
  const hash = primitives.sha256Stream();
  const add = (text: string): void => void hash.update(textToBytes(text));
  add(JSON.stringify([format.id, input.text("me") ?? "", input.text("timeZone") ?? ""]));
  let [files, bytes, lines] = [0, 0, ""];
  const onFinding = (finding: Finding): void => output.finding(finding);
  for await (const file of source.files(onFinding)) {
    throwIfAborted(signal);
    lines += stampOf(file, isKept);
    files++;
    bytes += file.sizeBytes;
    if (files % REPORTED_EVERY !== 0) continue;
    add(lines);
    lines = "";
    output.report({ type: "progress", stage: "scan", done: { objects: files, bytes } });
  }
  add(lines);
  if (isKept) for await (const path of source.emptyFolders?.() ?? []) add(`\n${path}/`);
  return { files, bytes, fingerprint: bytesToHex(hash.digest()) };
}

/** What is kept byte for byte may be rewritten without another size or time; in a zip a file may have no time at all. */
function stampOf({ path, sizeBytes, modifiedMs, changed = "" }: SourceFile, isKept: boolean): string {
  const stamp = `\n${path}\0${sizeBytes}\0${modifiedMs ?? ""}`;
  return isKept || modifiedMs === undefined ? `${stamp}\0${changed}` : stamp;
}

function nameFrom(place: string): string {
  return basename(place).replace(/\.(?:json|jsonl|txt|zip)$/i, "") || "source";
}

/** A source whose bytes are counted as they are read. */
export interface CountedSource {
  readonly source: Source;
  /** Counts bytes that were read in another way. */
  add(bytes: number): void;
  /** Throws as soon as the person stops the work: asked before more is read. */
  throwIfStopped(): void;
  /** Whether a file lies in the source as it is: a reader may also make some of what it found in others. */
  has(file: SourceFile): boolean;
  /** The file of the source under a counted one: who reads it in another way counts it as a whole. */
  under(file: SourceFile): SourceFile;
}

/** The source with every byte that is read counted, and an end as soon as the person stops the work. */
export function counted(
  { source, bytes }: Pick<ChosenSource, "source" | "bytes">,
  { output, signal }: { readonly output: Pick<Output, "report">; readonly signal: AbortSignal },
): CountedSource {
  const total: Progress = { bytes };
  let read = 0;
  const throwIfStopped = (): void => throwIfAborted(signal);
  const add = (more: number): void => {
    read += more;
    // Detecting and hashing read some bytes twice: never more than all there are.
    output.report({ type: "progress", stage: "read", done: { bytes: Math.min(read, bytes) }, total });
  };
  const own = new WeakMap<SourceFile, SourceFile>();
  const countedFile = (file: SourceFile): SourceFile => {
    const counting: SourceFile = {
      ...file,
      async *open(range) {
        for await (const piece of file.open(range)) {
          throwIfStopped();
          add(piece.length);
          yield piece;
        }
      },
    };
    own.set(counting, file);
    return counting;
  };
  return {
    add,
    throwIfStopped,
    has: (file) => own.has(file),
    under: (file) => own.get(file) ?? file,
    source: {
      async *files(found) {
        for await (const file of source.files(found)) yield countedFile(file);
      },
      async file(path) {
        const file = await source.file(path);
        return file && countedFile(file);
      },
      folders: () => source.folders(),
      ...(source.emptyFolders !== undefined && { emptyFolders: () => source.emptyFolders!() }),
      ...(source.afresh !== undefined && { afresh: () => source.afresh!() }),
    },
  };
}

/** Throws unless the arguments name one source. */
export function sourcePath({ input }: Context): string {
  const [path] = input.args;
  if (path === undefined || path === "") throw usageError("source", "missing-argument");
  return path;
}
