import { KeepsakeError, type Bytes } from "../../base/index.ts";
import type { ByteRange, JsonObject, JsonValue, SourceFile } from "../../model/index.ts";
import { formatLimits, type Detection } from "../format.ts";
import { looseText } from "../json-records.ts";
import { outline, type JsonPath, type OutlinePart, type Visit } from "../json-outline.ts";
import { memoryFile } from "../memory.ts";
import { sniff, type Source } from "../source.ts";

/** A chat of an export: everything but its messages, and where these lie. */
export interface ChatPart {
  readonly head: JsonObject;
  /** Where its lists of messages lie; one, in what Telegram writes. */
  readonly ranges: readonly ByteRange[];
  /** From the list of chats that the owner has left. */
  readonly isLeft: boolean;
}

/** An export but for its messages. */
export interface Frame {
  readonly layout: "single" | "full";
  /** The fields of the root, but for chats. */
  readonly root: JsonObject;
  /** The fields of `chats` and `left_chats`, but for their lists; absent where the export has none. */
  readonly chatsAbout?: JsonObject;
  readonly leftAbout?: JsonObject;
  readonly chats: readonly ChatPart[];
  /** Where the document breaks off. */
  readonly brokenAt?: number;
}

function visit(path: JsonPath): Visit {
  const [section, list] = path;
  const isSection = section === "chats" || section === "left_chats";
  if (path.length === 0) return "enter";
  if (path.length === 1) return section === "messages" ? "skip" : isSection ? "enter" : "keep";
  if (!isSection || list !== "list") return "keep";
  if (path.length < 4) return "enter";
  return path[3] === "messages" ? "skip" : "keep";
}

type Fields = Map<string, JsonValue>;

/** A part of an export that is being gathered. */
interface Gathered {
  readonly fields: Fields;
  readonly ranges: ByteRange[];
}

/** Reads an export but for its messages. Throws `format.damaged` where the root is no object. */
export async function readFrame(file: SourceFile, signal?: AbortSignal): Promise<Frame> {
  const gathered = new Map<string, Gathered>();
  let brokenAt: number | undefined;
  let isObject = false;
  for await (const part of outline(file, visit, signal)) {
    if (part.type === "broken") brokenAt = part.at;
    else if (part.type === "entered" && part.path.length === 0) isObject = !part.isList;
    else gather(part, gathered);
  }
  if (!isObject) throw new KeepsakeError("format.damaged");
  return frameOf(gathered, brokenAt);
}

function gather(part: Exclude<OutlinePart, { type: "broken" }>, gathered: Map<string, Gathered>): void {
  const isPlace = part.type === "entered";
  const path = isPlace ? part.path : part.path.slice(0, -1);
  if (isPlace && path.at(-1) === "list") return;
  const key = JSON.stringify(path);
  const place = gathered.get(key) ?? { fields: new Map<string, JsonValue>(), ranges: [] };
  gathered.set(key, place);
  if (part.type === "kept") place.fields.set(String(part.path.at(-1)), part.value);
  if (part.type === "skipped") place.ranges.push({ start: part.start, end: part.end });
}

function frameOf(gathered: ReadonlyMap<string, Gathered>, brokenAt: number | undefined): Frame {
  const root = gathered.get("[]");
  const broken = brokenAt !== undefined && { brokenAt };
  const rootFields = Object.fromEntries(root?.fields ?? []);
  if (root !== undefined && root.ranges.length > 0) {
    const chat = { head: rootFields, ranges: root.ranges, isLeft: false };
    return { layout: "single", root: {}, chats: [chat], ...broken };
  }
  const chats: ChatPart[] = [];
  for (const [key, { fields, ranges }] of gathered) {
    const [section, list, place] = JSON.parse(key) as JsonPath;
    if (list === "list" && place !== undefined)
      chats.push({ head: Object.fromEntries(fields), ranges, isLeft: section === "left_chats" });
  }
  const chatsAbout = gathered.get('["chats"]');
  const leftAbout = gathered.get('["left_chats"]');
  return {
    layout: "full",
    root: rootFields,
    ...(chatsAbout !== undefined && { chatsAbout: Object.fromEntries(chatsAbout.fields) }),
    ...(leftAbout !== undefined && { leftAbout: Object.fromEntries(leftAbout.fields) }),
    chats,
    ...broken,
  };
}

const usualName = "result.json";
/** How many other files are looked into. */
const maxCandidates = 20;

/**
 * The files that may be exports: the one of the usual name at the root, or else all of that name, or else JSON files at
 * the root. With the first, a folder of a million photos need not be listed.
 */
async function candidates(source: Source): Promise<SourceFile[]> {
  const first = await source.file(usualName);
  if (first !== undefined) return [first];
  const usual: SourceFile[] = [];
  const others: SourceFile[] = [];
  for await (const file of source.files()) {
    if (file.path === usualName || file.path.endsWith(`/${usualName}`)) usual.push(file);
    else if (/^[^/]+\.json$/i.test(file.path) && others.length < maxCandidates) others.push(file);
  }
  return usual.length > 0 ? usual : others;
}

/** The exports of a source, and how sure each is. */
export async function exportFiles(source: Source): Promise<{ file: SourceFile; confidence: number }[]> {
  const found: { file: SourceFile; confidence: number }[] = [];
  for (const file of await candidates(source)) {
    const confidence = await confidenceOf(file);
    if (confidence > 0) found.push({ file, confidence });
  }
  return found;
}

/** Finds exports of Telegram Desktop in a source. */
export async function detect(source: Source): Promise<Detection | null> {
  const found = await exportFiles(source);
  if (found.length === 0) return null;
  const confidence = Math.max(...found.map((entry) => entry.confidence));
  return { format: "telegram", confidence, paths: found.map(({ file }) => file.path) };
}

const fullKeys = [
  "chats",
  "personal_information",
  "contacts",
  "frequent_contacts",
  "sessions",
  "profile_pictures",
  "left_chats",
];
const messageKeys = /"(?:date_unixtime|text_entities|from_id)"\s*:/;

async function confidenceOf(file: SourceFile): Promise<number> {
  const bytes = await sniff(file);
  const keys = await rootKeys(bytes);
  if (keys.has("chatlab")) return 0;
  const isChat = keys.has("type") && keys.has("id");
  const hasMessageKeys = messageKeys.test(looseText(bytes));
  if (keys.has("messages")) return isChat ? 0.9 : hasMessageKeys ? 0.6 : 0;
  if (keys.has("chats") && hasMessageKeys) return 0.9;
  if (isFull(keys)) return 0.8;
  if (isChat && keys.has("name") && file.sizeBytes <= formatLimits.sniffBytes)
    throw new KeepsakeError("format.damaged");
  return 0;
}

/** The names in the root of a document, of its beginning. */
async function rootKeys(bytes: Bytes): Promise<Set<string>> {
  const keys = new Set<string>();
  const look = (path: JsonPath): Visit => {
    if (path.length === 1) keys.add(String(path[0]));
    return path.length === 0 ? "enter" : "skip";
  };
  for await (const part of outline(memoryFile("", bytes), look)) if (part.type === "broken") break;
  return keys;
}

/** Whether enough sections of a full export are there, none of which says much alone. */
function isFull(keys: ReadonlySet<string>): boolean {
  const known = fullKeys.filter((key) => keys.has(key)).length;
  return known >= 2 || (keys.has("about") && known >= 1);
}
