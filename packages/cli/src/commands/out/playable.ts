import { concatBytes, throwIfAborted, type Bytes, type Code } from "@keepsake/core/base";
import type { Source } from "@keepsake/core/formats";
import { mediaTypeOf, playable, type Made } from "@keepsake/core/media";
import type { SourceFile } from "@keepsake/core/model";
import type { Context } from "../../context.ts";
import type { OutTarget } from "./out-target.ts";

/** How many voices and pictures got a form that browsers and players open, and how many could not. */
export interface Forms {
  readonly made: number;
  readonly kept: number;
}

/** As much as tells what a file is. */
const START_BYTES = 16;
/** No voice or picture that can be opened is larger. */
const maxFileBytes = 64 * 1024 * 1024;
/** Files between two words of progress. */
const filesPerReport = 64;

/** Writes, beside each attachment that hardly anything opens, a form of it that browsers and players do; one at a time. */
export async function writePlayable(
  { output, signal }: Context,
  out: OutTarget,
  source: Source,
): Promise<Forms> {
  const failed = new Map<string, Map<Code, number>>();
  let [attachments, made, kept] = [0, 0, 0];
  for (const [path, collection] of out.restored()) {
    throwIfAborted(signal);
    if (++attachments % filesPerReport === 0)
      output.report({ type: "progress", stage: "attachments", done: { attachments } });
    const file = await source.file(path);
    const form = file === undefined ? undefined : await formOf(file);
    if (form === undefined) continue;
    if (typeof form !== "string") {
      await writeForm(out, path, form);
      made++;
      continue;
    }
    kept++;
    const codes = failed.get(collection) ?? new Map<Code, number>();
    failed.set(collection, codes.set(form, (codes.get(form) ?? 0) + 1));
  }
  for (const [collection, codes] of failed)
    for (const [code, count] of codes)
      output.finding({ code, severity: "warning", where: `chat ${collection}`, count });
  return { made, kept };
}

/** What was made of a file, or why nothing could be; undefined where it needs nothing. */
async function formOf(file: SourceFile): Promise<Made | Code | undefined> {
  if (mediaTypeOf(await firstBytes(file, START_BYTES))?.isForeign !== true) return undefined;
  if (file.sizeBytes > maxFileBytes) return "media.too-large";
  const form = await playable(await firstBytes(file, file.sizeBytes));
  if (form?.state === "made") return form;
  return form?.state === "kept" ? form.code : undefined;
}

async function firstBytes(file: SourceFile, end: number): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open({ start: 0, end: Math.min(end, file.sizeBytes) })) pieces.push(piece);
  return concatBytes(...pieces);
}

/** Beside the original, under its name with another ending behind it. */
async function writeForm(out: OutTarget, path: string, { bytes, extension }: Made): Promise<void> {
  let name = `${path}.${extension}`;
  for (let number = 2; await out.has(name); number++) name = `${path} (${number}).${extension}`;
  await using file = await out.create(name);
  await file.write(bytes);
  await file.close();
}
