import { throwIfAborted } from "../../base/index.ts";
import type { ByteRange, JsonObject, JsonValue, SourceFile } from "../../model/index.ts";
import { formatLimits, type Detection } from "../format.ts";
import { jsonRecords, looseText } from "../json-records.ts";
import { outline, type JsonPath, type Visit } from "../json-outline.ts";
import { isObject, parseOddJson } from "../json-values.ts";
import { lines } from "../lines.ts";
import { memoryFile } from "../memory.ts";
import { sniff, type Source } from "../source.ts";

/** The two ways in which ChatLab writes a chat. */
export type Form = "json" | "jsonl";

/** What a file says before its members and messages. */
interface Head {
  readonly chatlab: JsonObject;
  readonly meta: JsonObject;
  /** Fields beside these. */
  readonly rest: JsonObject;
}

/** One thing of a file. */
export interface Item {
  readonly type: "member" | "message" | "broken";
  readonly value: JsonValue | undefined;
  /** Its text, where it is no JSON. */
  readonly raw?: string;
  /** A place in the file, such as `byte 5`. */
  readonly where: string;
  readonly sizeBytes: number;
}

/** A file that holds one chat. */
export interface ChatFile {
  readonly form: Form;
  readonly head: Head;
  /** The file's members that come before its first message. */
  members(signal?: AbortSignal): AsyncIterable<Item>;
  /** All that is in the file, in bunches, in its order. */
  items(signal?: AbortSignal): AsyncIterable<Item[]>;
  /** False where a document has no list of members at all. */
  readonly hasMembers: boolean;
  /** False where the document breaks off. */
  readonly isWhole: boolean;
}

/** Opens a file; undefined if it is not ChatLab's after all. */
export async function openChatFile(file: SourceFile, signal?: AbortSignal): Promise<ChatFile | undefined> {
  const form = formOf(looseText(await sniff(file)));
  if (form === undefined) return undefined;
  return form === "json" ? openJson(file, signal) : openLines(file, signal);
}

function visit(path: JsonPath): Visit {
  if (path.length === 0) return "enter";
  return path.length === 1 && (path[0] === "members" || path[0] === "messages") ? "skip" : "keep";
}

async function openJson(file: SourceFile, signal?: AbortSignal): Promise<ChatFile> {
  const fields: [string, JsonValue][] = [];
  const ranges: Record<"members" | "messages", ByteRange[]> = { members: [], messages: [] };
  let isWhole = true;
  for await (const part of outline(file, visit, signal)) {
    if (part.type === "kept") fields.push([String(part.path[0]), part.value]);
    else if (part.type === "skipped")
      ranges[part.path[0] as "members" | "messages"].push({ start: part.start, end: part.end });
    else if (part.type === "broken") isWhole = false;
  }
  const bunches = async function* (
    list: readonly ByteRange[],
    type: "member" | "message",
  ): AsyncGenerator<Item[]> {
    for (const range of list)
      for await (const records of jsonRecords(file, range, signal))
        yield records.map(({ offset, ...record }) => ({ ...record, type, where: `byte ${offset}` }));
  };
  return {
    form: "json",
    head: headOf(Object.fromEntries(fields)),
    isWhole,
    hasMembers: ranges.members.length > 0,
    async *members() {
      for await (const bunch of bunches(ranges.members, "member")) yield* bunch;
    },
    async *items() {
      yield* bunches(ranges.members, "member");
      yield* bunches(ranges.messages, "message");
    },
  };
}

function headOf(fields: JsonObject): Head {
  const { chatlab, meta, ...rest } = fields;
  const about = isObject(chatlab) ? chatlab : {};
  return { chatlab: about, meta: isObject(meta) ? meta : {}, rest };
}

async function openLines(file: SourceFile, signal?: AbortSignal): Promise<ChatFile> {
  let head: Head | undefined;
  for await (const item of lineItems(file, signal)) {
    if (item.type !== "broken" || !isObject(item.value)) continue;
    const { _type: _, ...fields } = item.value;
    head = headOf(fields);
    break;
  }
  return {
    form: "jsonl",
    head: head ?? headOf({}),
    isWhole: true,
    hasMembers: true,
    async *members() {
      for await (const item of lineItems(file, signal)) {
        if (item.type === "message") return;
        if (item.type === "member") yield item;
      }
    },
    async *items() {
      let isHead = true;
      for await (const item of lineItems(file, signal)) {
        if (!isHead || item.type !== "broken") yield [item];
        isHead = false;
      }
    },
  };
}

/** The lines of a file but for comments and empty ones; the header is a `broken` one too. */
async function* lineItems(file: SourceFile, signal: AbortSignal | undefined): AsyncGenerator<Item> {
  for await (const bunch of lines(file, formatLimits.recordBytes, signal)) {
    throwIfAborted(signal);
    for (const { text, number } of bunch) {
      if (text !== undefined && (text.trim() === "" || text.startsWith("#"))) continue;
      yield lineItem(text, `line ${number}`);
    }
  }
}

function lineItem(text: string | undefined, where: string): Item {
  const value = text === undefined || isTooDeep(text) ? undefined : parseOddJson(text);
  const place = { where, sizeBytes: (text?.length ?? 0) * 3 };
  if (value === undefined)
    return { type: "broken", value, ...(text !== undefined && { raw: text }), ...place };
  const type = isObject(value) ? value["_type"] : undefined;
  if (type !== "member" && type !== "message") return { type: "broken", value, ...place };
  const { _type: _, ...fields } = value as JsonObject;
  return { type, value: fields, ...place };
}

/** Whether a line may be nested deeper than a record may be: counted generously, brackets in texts included. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === 0x5b || letter === 0x7b) depth += 1;
    else if (letter === 0x5d || letter === 0x7d) depth -= 1;
    if (depth > formatLimits.recordDepth) return true;
  }
  return false;
}

/** In which form a file is ChatLab's, of its beginning; undefined if it is not. */
function formOf(text: string): Form | undefined {
  const first = text
    .replace(/^\ufeff/, "")
    .split("\n")
    .find((line) => line.trim() !== "" && !line.startsWith("#"));
  if (first === undefined) return undefined;
  const header = parseOddJson(first.replace(/\r$/, ""));
  if (isObject(header) && header["_type"] === "header" && isObject(header["chatlab"])) return "jsonl";
  return /^\s*\{/.test(first) && /"chatlab"\s*:\s*\{/.test(text) ? "json" : undefined;
}

/** How many files are looked into. */
const maxCandidates = 10_000;

/** The files of a source that ChatLab may have written. */
export async function* chatFiles(source: Source): AsyncGenerator<SourceFile> {
  let looked = 0;
  for await (const file of source.files()) {
    if (!/\.jsonl?$/i.test(file.path) || ++looked > maxCandidates) continue;
    const text = looseText(await sniff(file));
    const form = formOf(text);
    if (form === "jsonl" || (form === "json" && (await hasChatlabKey(file)))) yield file;
  }
}

/** Whether `chatlab` is a key of the root: in a message, it is only a word. */
async function hasChatlabKey(file: SourceFile): Promise<boolean> {
  const start = memoryFile("", await sniff(file));
  const look = (path: JsonPath): Visit => (path.length === 0 ? "enter" : "skip");
  for await (const part of outline(start, look))
    if (part.type === "skipped" && part.path[0] === "chatlab") return true;
  return false;
}

/** Finds chats that ChatLab's format holds. */
export async function detect(source: Source): Promise<Detection | null> {
  const paths: string[] = [];
  let version: string | undefined;
  for await (const file of chatFiles(source)) {
    if (paths.length === 0) {
      const head = (await openChatFile(file))?.head;
      if (typeof head?.chatlab["version"] === "string") version = head.chatlab["version"];
    }
    paths.push(file.path);
  }
  if (paths.length === 0) return null;
  return { format: "chatlab", confidence: 0.95, paths, ...(version !== undefined && { version }) };
}
