import { KeepsakeError, type Finding, type FindingCode } from "../../base/index.ts";
import {
  checkMessage,
  type JsonObject,
  type JsonValue,
  type ReadEvent,
  type SourceFile,
} from "../../model/index.ts";
import type { Detection, ReadOptions } from "../format.ts";
import { looseText } from "../json-records.ts";
import { digitsOf, isObject, parseJson } from "../json-values.ts";
import { lines, type Line } from "../lines.ts";
import { isInsidePath, sniff, type Source } from "../source.ts";
import { FindingTally } from "../tally.ts";
import { accountOf, chatOf, sourceOf } from "./check.ts";
import { formatName, formatVersion, maxLineBytes } from "./shape.ts";

const messagesPerReport = 10_000;

/** Finds our own export in a source. */
export async function detect(source: Source): Promise<Detection | null> {
  const file = await historyFile(source);
  if (file === undefined) return null;
  const header = headerOf(looseText(await sniff(file)).split("\n", 1)[0]!);
  return { format: "jsonl", version: digitsOf(header?.["version"]) ?? "", confidence: 1, paths: [file.path] };
}

/** The first file of the source, in order of path, whose first line is our header. */
async function historyFile(source: Source): Promise<SourceFile | undefined> {
  for await (const file of source.files()) {
    if (!file.path.endsWith(".jsonl")) continue;
    if (headerOf(looseText(await sniff(file)).split("\n", 1)[0]!) !== undefined) return file;
  }
  return undefined;
}

function headerOf(line: string): JsonObject | undefined {
  const value = parseJson(line.replace(/^\ufeff/, ""));
  return isObject(value) && value["type"] === "header" && value["format"] === formatName ? value : undefined;
}

/** One export while it is read. */
interface Reading {
  readonly source: Source;
  readonly options: ReadOptions;
  /** The folder of the export, with its slash. */
  readonly folder: string;
  readonly findings: FindingTally;
  messages: number;
  chat: string;
  sent: number;
  isWhole: boolean;
}

/**
 * Reads our own export. Throws `format.damaged` without our header and `format.newer-version` for a version that is
 * not known yet.
 */
export async function* read(source: Source, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  const file = await historyFile(source);
  if (file === undefined) throw new KeepsakeError("format.damaged");
  const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1);
  const findings = new FindingTally();
  const reading: Reading = {
    source,
    options,
    folder,
    findings,
    messages: 0,
    chat: "",
    sent: 0,
    isWhole: false,
  };
  for await (const bunch of lines(file, maxLineBytes, options.signal)) {
    for (const line of bunch) {
      const event = line.number === 1 ? start(line) : eventOf(line, reading);
      const ready = event instanceof Promise ? await event : event;
      if (ready !== undefined) yield ready;
    }
  }
  if (!reading.isWhole) findings.add({ code: "jsonl.truncated", severity: "error" });
  for (const finding of findings.all()) yield { type: "finding", finding };
}

function start({ text }: Line): undefined {
  const version = headerOf(text ?? "")?.["version"];
  if (typeof version !== "number") throw new KeepsakeError("format.damaged");
  if (version > formatVersion) throw new KeepsakeError("format.newer-version");
}

function eventOf(line: Line, reading: Reading): ReadEvent | Promise<ReadEvent | undefined> | undefined {
  if (line.text?.trim() === "") return undefined;
  const value = line.text === undefined ? undefined : parseJson(line.text);
  if (!line.isUtf8) say(reading, "jsonl.bad-utf8", line.number);
  if (!isObject(value)) {
    // A last line that nothing ends is where the writing stopped, which is told at the end.
    if (line.isEnded) say(reading, "jsonl.bad-line", line.number);
    return undefined;
  }
  const type = value["type"];
  const take = typeof type === "string" && Object.hasOwn(takers, type) ? takers[type] : undefined;
  if (take === undefined) say(reading, "jsonl.unknown-record", line.number);
  return take?.(value, reading, line.number);
}

function say({ findings }: Reading, code: FindingCode, line: number): void {
  findings.add({ code, severity: "warning", where: `line ${line}` });
}

type Taker = (
  value: JsonObject,
  reading: Reading,
  line: number,
) => ReadEvent | Promise<ReadEvent | undefined> | undefined;

/** What becomes of each type of line. */
const takers: Readonly<Record<string, Taker>> = {
  source(value, reading, line) {
    const source = sourceOf(value["source"]);
    if (source === undefined) say(reading, "jsonl.bad-record", line);
    return source && { ...value, type: "source", source };
  },
  chat: (value, reading, line) => described(value, { reading, line, type: "chat" }),
  account: (value, reading, line) => described(value, { reading, line, type: "account" }),
  message: takeMessage,
  async file(value, reading, line) {
    const file = await fileOf(value["file"], reading, line);
    if (file === undefined || !isObject(value["attachment"])) return undefined;
    return { ...value, type: "file", attachment: { state: "present", ...value["attachment"] }, file };
  },
  finding(value, reading, line) {
    const finding = value["finding"];
    if (!isFinding(finding)) {
      say(reading, "jsonl.bad-record", line);
      return undefined;
    }
    return { ...value, type: "finding", finding };
  },
  end(value, reading, line) {
    reading.isWhole = value["messages"] === reading.messages;
    if (!reading.isWhole) say(reading, "jsonl.count", line);
    return undefined;
  },
};

function isFinding(value: unknown): value is Finding & JsonObject {
  return isObject(value) && typeof value["code"] === "string" && typeof value["severity"] === "string";
}

interface Described {
  readonly reading: Reading;
  readonly line: number;
  readonly type: "chat" | "account";
}

async function described(
  value: JsonObject,
  { reading, line, type }: Described,
): Promise<ReadEvent | undefined> {
  const { avatarFile, ...rest } = value;
  const chat = type === "chat" ? chatOf(value["chat"]) : undefined;
  const account = type === "account" ? accountOf(value["account"]) : undefined;
  if (chat === undefined && account === undefined) {
    say(reading, "jsonl.bad-record", line);
    return undefined;
  }
  const file = avatarFile === undefined ? undefined : await fileOf(avatarFile, reading, line);
  const withFile = file !== undefined && { avatarFile: file };
  if (account !== undefined) return { ...rest, type: "account", account, ...withFile };
  if (chat === undefined) return undefined;
  reading.chat = chat.id;
  reading.sent = 0;
  return { ...rest, type: "chat", chat, ...withFile };
}

function takeMessage(value: JsonObject, reading: Reading, line: number): ReadEvent | Promise<ReadEvent> {
  const { files, ...rest } = value;
  const checked = checkMessage(value["message"], { chat: reading.chat, sent: reading.sent });
  for (const finding of checked.findings) reading.findings.add({ ...finding, where: `line ${line}` });
  const { message } = checked;
  reading.sent = message.time.sent;
  reading.messages += 1;
  if (reading.messages % messagesPerReport === 0)
    reading.options.report?.({ type: "progress", stage: "read", done: { messages: reading.messages } });
  const event = { ...rest, type: "message", message } as const;
  if (!Array.isArray(files)) return event;
  return filesOf(files as readonly JsonValue[], reading, line).then((found) => ({ ...event, files: found }));
}

async function filesOf(
  files: readonly JsonValue[],
  reading: Reading,
  line: number,
): Promise<(SourceFile | undefined)[]> {
  const found: (SourceFile | undefined)[] = [];
  for (const file of files) found.push(file === null ? undefined : await fileOf(file, reading, line));
  return found;
}

/** A file beside the lines, as its line describes it; its own size must be the same. */
async function fileOf(
  value: JsonValue | undefined,
  reading: Reading,
  line: number,
): Promise<SourceFile | undefined> {
  const { path, sizeBytes, modifiedMs } = isObject(value) ? value : {};
  const isSafe = typeof path === "string" && isInsidePath(path);
  const file = isSafe ? await reading.source.file(reading.folder + path) : undefined;
  if (file === undefined) say(reading, isSafe ? "jsonl.file-missing" : "jsonl.unsafe-path", line);
  else if (sizeBytes !== undefined && sizeBytes !== file.sizeBytes) say(reading, "jsonl.file-size", line);
  if (file === undefined || typeof modifiedMs !== "number") return file;
  return { ...file, modifiedMs };
}
