import { throwIfAborted } from "../../base/index.ts";
import {
  canonicalText,
  eventsOf,
  type Message,
  type ReadEvent,
  type ReadSteps,
  type SourceFile,
} from "../../model/index.ts";
import type { FidelityReport, WriteOptions } from "../format.ts";
import { fileDigest, putFile, TextOutput } from "../output.ts";
import type { Target } from "../source.ts";
import { FidelityTally, fleetingPlace, isFleeting } from "../tally.ts";
import { fileName, formatName, formatVersion, storedPath, type End, type StoredFile } from "./shape.ts";

/** Writes everything of a history, one JSON line a record; each file once, under its digest. */
export async function write(
  events: ReadSteps,
  target: Target,
  options: WriteOptions,
): Promise<FidelityReport> {
  const tally = new FidelityTally();
  await using out = await TextOutput.create(target, fileName);
  await out.add(`${canonicalText({ type: "header", format: formatName, version: formatVersion })}\n`);
  const place: Place = { target, options, tally };
  for await (const step of events) {
    throwIfAborted(options.signal);
    for (const event of eventsOf(step)) {
      const line = lineOf(event, place);
      const isFull = out.add(`${canonicalText(line instanceof Promise ? await line : line)}\n`);
      if (isFull !== undefined) await isFull;
    }
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

/**
 * The line of an event: the event itself, its files as names. Fields that an event may have beyond ours stay. A promise
 * only where there are files: most messages have none.
 */
function lineOf(event: ReadEvent, place: Place): object | Promise<object> {
  if (event.type === "message") return messageLine(event, place);
  if (event.type === "file") return fileLine(event, place);
  if (event.type === "chat") place.tally.counts.chats += 1;
  if (event.type !== "chat" && event.type !== "account") return event;
  const { avatarFile, ...rest } = event;
  if (avatarFile === undefined) return rest;
  return stored(avatarFile, place).then((file) => ({ ...rest, avatarFile: file }));
}

async function fileLine(event: Extract<ReadEvent, { type: "file" }>, place: Place): Promise<object> {
  return { ...event, file: await stored(event.file, place) };
}

function messageLine(event: Extract<ReadEvent, { type: "message" }>, place: Place): object | Promise<object> {
  const { options, tally } = place;
  tally.counts.messages += 1;
  if (options.includeExpired !== true && isFleeting(event.message, options.now)) {
    tally.dropped("expired or seen once");
    const { files: _, message, ...rest } = event;
    return { ...rest, message: fleetingPlace(message) };
  }
  if (event.files === undefined) return inOrder(event);
  return withNames(event, event.files, place);
}

interface MessageFields {
  readonly files?: unknown;
  readonly message: Message;
  readonly type: "message";
}

async function withNames(
  event: Extract<ReadEvent, { type: "message" }>,
  files: readonly (SourceFile | undefined)[],
  place: Place,
): Promise<object> {
  const names: (StoredFile | null)[] = [];
  for (const file of files) names.push(file === undefined ? null : await stored(file, place));
  return inOrder({ ...event, files: names });
}

/** Our own fields in the order of their names, before what an event may have beyond them. */
function inOrder({ files, message, type, ...rest }: MessageFields): object {
  return { files, message, type, ...rest };
}

async function stored(file: SourceFile, { target, options, tally }: Place): Promise<StoredFile> {
  const { sha256, sizeBytes } =
    file.sha256 === undefined
      ? await fileDigest(file, options.primitives, options.signal)
      : { sha256: file.sha256, sizeBytes: file.sizeBytes };
  const path = storedPath(sha256);
  if (!(await target.has(path))) await putFile(target, path, file, options.signal);
  tally.counts.attachments += 1;
  const stamp = file.modifiedMs === undefined ? {} : { modifiedMs: Math.floor(file.modifiedMs) };
  return { ...stamp, path, sha256, sizeBytes };
}
