import { throwIfAborted } from "../../base/index.ts";
import { canonicalText, type ReadEvent, type SourceFile } from "../../model/index.ts";
import type { FidelityReport, WriteOptions } from "../format.ts";
import { fileDigest, putFile, TextOutput } from "../output.ts";
import type { Target } from "../source.ts";
import { FidelityTally, fleetingPlace, isFleeting } from "../tally.ts";
import { fileName, formatName, formatVersion, storedPath, type End, type StoredFile } from "./shape.ts";

/** Writes everything of a history, one JSON line a record; each file once, under its digest. */
export async function write(
  events: AsyncIterable<ReadEvent>,
  target: Target,
  options: WriteOptions,
): Promise<FidelityReport> {
  const tally = new FidelityTally();
  await using out = await TextOutput.create(target, fileName);
  await out.add(`${canonicalText({ type: "header", format: formatName, version: formatVersion })}\n`);
  const place: Place = { target, options, tally };
  for await (const event of events) {
    throwIfAborted(options.signal);
    await out.add(`${canonicalText(await lineOf(event, place))}\n`);
  }
  const end: End = { type: "end", ...tally.counts };
  await out.add(`${canonicalText(end)}\n`);
  await out.close();
  return tally.report();
}

interface Place {
  readonly target: Target;
  readonly options: WriteOptions;
  readonly tally: FidelityTally;
}

/** The line of an event: the event itself, its files as names. Fields that an event may have beyond ours stay. */
async function lineOf(event: ReadEvent, place: Place): Promise<object> {
  if (event.type === "message") return messageLine(event, place);
  if (event.type === "file") return { ...event, file: await stored(event.file, place) };
  if (event.type === "chat") place.tally.counts.chats += 1;
  if (event.type !== "chat" && event.type !== "account") return event;
  const { avatarFile, ...rest } = event;
  return avatarFile === undefined ? rest : { ...rest, avatarFile: await stored(avatarFile, place) };
}

async function messageLine(event: Extract<ReadEvent, { type: "message" }>, place: Place): Promise<object> {
  const { files, message, ...rest } = event;
  const { options, tally } = place;
  tally.counts.messages += 1;
  if (options.includeExpired !== true && isFleeting(message, options.now)) {
    tally.dropped("expired or seen once");
    return { ...rest, message: fleetingPlace(message) };
  }
  if (files === undefined) return { ...rest, message };
  const names: (StoredFile | null)[] = [];
  for (const file of files) names.push(file === undefined ? null : await stored(file, place));
  return { ...rest, message, files: names };
}

async function stored(file: SourceFile, { target, options, tally }: Place): Promise<StoredFile> {
  const { sha256, sizeBytes } = await fileDigest(file, options.primitives, options.signal);
  const path = storedPath(sha256);
  if (!(await target.has(path))) await putFile(target, path, file, options.signal);
  tally.counts.attachments += 1;
  return { path, sizeBytes, sha256, ...(file.modifiedMs !== undefined && { modifiedMs: file.modifiedMs }) };
}
