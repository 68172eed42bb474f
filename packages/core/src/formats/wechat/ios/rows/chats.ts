import { base64Of, throwIfAborted, type Finding } from "../../../../base/index.ts";
import {
  checkMessage,
  type Attachment,
  type Message,
  type MessageTime,
  type SourceFile,
} from "../../../../model/index.ts";
import type { SqliteRow } from "../../../../sqlite/index.ts";
import type { MessageEvent } from "../../../in-order.ts";
import {
  readContent,
  readPacked,
  serverScheme,
  type RowContent,
  type RowContext,
  type RowFile,
} from "../../content/index.ts";
import { rowsOf, type NamedDatabase } from "../databases.ts";
import type { RowTrace } from "./blocks.ts";
import { attachmentOf, type ChatFiles } from "../media.ts";
import type { Asked, SearchIndex } from "../search-index.ts";
import { heldIn, type Unpacker, type Held } from "./packed.ts";

const chatTable = /^Chat_([0-9a-f]{32})$/;
/** UTF-16 code units of a row from which on it goes through validation. */
const LARGE_TEXT = 64 * 1024;
const COLUMNS = ["MesLocalID", "MesSvrID", "CreateTime", "Des", "Type", "Message"];

/** A chat's tables: one in each database that has some of its messages. */
export interface ChatTables {
  /** The MD5 of its user name. */
  readonly hash: string;
  readonly tables: readonly (NamedDatabase & { readonly table: string })[];
}

/** All chats of an account, in order of their hashes. */
export function chatTables(databases: readonly NamedDatabase[]): ChatTables[] {
  const byHash = new Map<string, (NamedDatabase & { readonly table: string })[]>();
  for (const each of databases)
    for (const table of each.database.tables) {
      const hash = chatTable.exec(table)?.[1];
      if (hash !== undefined) byHash.set(hash, [...(byHash.get(hash) ?? []), { ...each, table }]);
    }
  return [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).map(([hash, tables]) => ({ hash, tables }));
}

/** What the messages of a chat are read with. */
export interface ChatReading {
  /** The chat's id. */
  readonly chat: string;
  /** The hash of its name. */
  readonly hash: string;
  readonly context: RowContext;
  readonly files: ChatFiles;
  readonly primitives: Unpacker;
  /** WeChat's own, for rows that are packed. */
  readonly searchIndex: SearchIndex;
  readonly onFinding: (finding: Finding) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What rows are read with. */
export interface RowReading extends ChatReading {
  /** Told of each row of a database of which a file is listed and not there. */
  readonly onAwaited: (database: string, number: number) => void;
}

type TableReading = RowReading & Pick<NamedDatabase, "name">;

/** A table of messages, with what lies beside its rows. */
export interface ChatTable extends NamedDatabase {
  readonly table: string;
  /** What names people in a row, by its number. */
  readonly sources: ReadonlyMap<bigint, string>;
}

/** Numbers of rows, both included. */
export type Numbers = readonly [least: number, greatest: number];

/** Reads what lies beside the rows of a table. */
export async function openTable(
  table: ChatTables["tables"][number],
  reading: ChatReading,
): Promise<ChatTable> {
  return { ...table, sources: await sourcesOf(table, reading) };
}

/** The rows of a table in order of their numbers; only these if `numbers` is given. */
export async function* tableRows(
  { database, table, name }: ChatTable,
  { onFinding, signal }: ChatReading,
  numbers?: Numbers,
): AsyncGenerator<readonly SqliteRow[]> {
  const where = numbers && [
    { column: "MesLocalID", is: ">=", value: BigInt(numbers[0]) } as const,
    { column: "MesLocalID", is: "<=", value: BigInt(numbers[1]) } as const,
  ];
  const select = { table, columns: COLUMNS, where, order: ["rowid"] };
  for await (const rows of rowsOf(database, select, { name, onFinding })) {
    throwIfAborted(signal);
    yield rows;
  }
}

/** What the rows of a table say. */
export async function messagesOf(
  rows: readonly SqliteRow[],
  { sources, name }: ChatTable,
  chat: RowReading,
): Promise<readonly MessageEvent[]> {
  const reading = { ...chat, name };
  const texts = await textsOf(rows, reading);
  const events: MessageEvent[] = [];
  for (const [i, row] of rows.entries()) {
    const event = messageOf(row, { source: sourceOf(row, sources), ...texts[i]! }, reading);
    events.push(event instanceof Promise ? await event : event);
  }
  return events;
}

/** All that a row's message is made of: its fields, what lies beside it, and the stamps of its files. */
export function traceOf(
  [number, server, created, direction, type, text]: SqliteRow,
  sources: ChatTable["sources"],
  stamps: ReadonlyMap<number, string>,
): RowTrace | undefined {
  if (typeof number !== "bigint") return undefined;
  const order = Number(number);
  if (!Number.isSafeInteger(order)) return undefined;
  const fields = `${number},${String(server)},${String(created)},${String(direction)},${String(type)}`;
  const beside = `${sources.get(number) ?? ""}\0${stamps.get(order) ?? ""}`;
  return { number: order, sent: timeOf(created).sent, text: `${fields},${traceText(text)}\0${beside}` };
}

function traceText(value: SqliteRow[number] | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : String(value);
}

/** Rows that name people keep it beside the message, in a table of its own: few, so that they are held. */
async function sourcesOf(
  { database, table, name }: ChatTables["tables"][number],
  { primitives, onFinding }: ChatReading,
): Promise<ReadonlyMap<bigint, string>> {
  const beside = table.replace("Chat_", "ChatExt2_");
  const sources = new Map<bigint, string>();
  if (!database.tables.includes(beside)) return sources;
  const select = { table: beside, columns: ["MesLocalID", "MsgSource"] };
  for await (const rows of rowsOf(database, select, { name, onFinding }))
    for (const [number, source] of rows) {
      const { text } = heldIn(source, primitives);
      if (typeof number === "bigint" && text?.includes("atuserlist") === true) sources.set(number, text);
    }
  return sources;
}

/** What a row's text is read from. */
interface RowText {
  readonly held: Held;
  /** The words that the search index holds of a packed row; empty for none. */
  readonly indexed: string;
}

/** A row's text, and what lies beside it. */
interface WithSource extends RowText {
  readonly source: string | undefined;
}

/** The texts of rows. Of those that are packed, the search index is asked for the words. */
async function textsOf(rows: readonly SqliteRow[], reading: TableReading): Promise<readonly RowText[]> {
  const asked: (Asked & { readonly isText: boolean })[] = [];
  const held = rows.map(([number, , created, , type, text]) => {
    const each = heldIn(text, reading.primitives);
    if (each.text === undefined && typeof number === "bigint" && typeof created === "bigint")
      asked.push({ number: Number(number), sentSeconds: created, isText: type === 1n });
    return each;
  });
  const words = asked.length === 0 ? undefined : await reading.searchIndex.texts(reading.hash, asked);
  // Words that the phone has not yet put into its index are looked for again.
  if (words !== undefined)
    for (const { number, isText } of asked)
      if (isText && !words.has(number)) reading.onAwaited(reading.name, number);
  return held.map((each, i) => ({ held: each, indexed: words?.get(Number(rows[i]![0])) ?? "" }));
}

function sourceOf([number]: SqliteRow, sources: ReadonlyMap<bigint, string>): string | undefined {
  return typeof number === "bigint" ? sources.get(number) : undefined;
}

function messageOf(
  row: SqliteRow,
  text: WithSource,
  reading: TableReading,
): MessageEvent | Promise<MessageEvent> {
  const { message, named, number } = recordOf(row, text, reading);
  if (named.length === 0) return { type: "message", message: checked(message, number, reading) };
  return attached(named, number, reading).then(({ attachments, files }): MessageEvent => {
    const whole = checked(attachments.length === 0 ? message : { ...message, attachments }, number, reading);
    const hasFiles = files.some((file) => file !== undefined);
    return { type: "message", message: whole, ...(hasFiles && { files }) };
  });
}

/** What a row says, and the files that it names. */
function recordOf(
  row: SqliteRow,
  text: WithSource,
  reading: TableReading,
): { readonly message: Message; readonly named: readonly RowFile[]; readonly number: string } {
  const [number, server, created] = row;
  const content = contentOf(row, text, reading.context);
  const { files: named, findings, revokes, isNoise: _, ...said } = content;
  for (const finding of findings) reading.onFinding(finding);
  const ids = [typeof server === "bigint" && server !== 0n ? String(server) : undefined, revokes];
  const known = new Set(ids.filter((id) => id !== undefined));
  const nativeIds = [...known].sort().map((value) => ({ scheme: serverScheme, value }));
  const order = typeof number === "bigint" ? String(number) : "";
  const message: Message = {
    ...said,
    chat: reading.chat,
    ...(nativeIds.length > 0 && { nativeIds }),
    order,
    time: timeOf(created),
  };
  return { message, named, number: order };
}

function contentOf(
  [, , , direction, type]: SqliteRow,
  { held, indexed, source }: WithSource,
  context: RowContext,
): RowContent {
  const row = { type: numberOf(type), isOwn: direction === 0n, ...(source !== undefined && { source }) };
  const { bytes } = held;
  if (bytes === undefined) return readContent({ ...row, text: held.text }, context);
  const base64 = base64Of(bytes);
  if (held.text === undefined)
    return readPacked({ ...row, base64, sizeBytes: held.sizeBytes, indexed }, context);
  const raw = { mediaType: "application/octet-stream", base64 };
  return { ...readContent({ ...row, text: held.text }, context), raw };
}

/** A time that nobody can mean only holds the place. */
function timeOf(created: SqliteRow[number] | undefined): MessageTime {
  const sent = numberOf(created) * 1000;
  if (Number.isSafeInteger(sent)) return { sent, precision: "s", zone: "utc" };
  return { sent: 0, precision: "none", zone: "unknown", raw: String(created) };
}

/** What a row becomes is valid as it is made; only a large one can pass a limit of the model. */
function checked(message: Message, number: string, { chat, name, onFinding }: TableReading): Message {
  const { raw, body } = message;
  const size = (raw?.text ?? raw?.base64 ?? "").length + (body?.text.length ?? 0);
  if (size < LARGE_TEXT) return message;
  const { findings, message: valid } = checkMessage(message, { chat, sent: message.time.sent });
  for (const finding of findings) onFinding({ ...finding, where: `${name}, row ${number}` });
  return valid;
}

function numberOf(value: SqliteRow[number] | undefined): number {
  return typeof value === "bigint" ? Number(value) : 0;
}

async function attached(
  named: readonly RowFile[],
  number: string,
  { files: chatFiles, name, onAwaited }: TableReading,
): Promise<{ readonly attachments: Attachment[]; readonly files: (SourceFile | undefined)[] }> {
  const attachments: Attachment[] = [];
  const files: (SourceFile | undefined)[] = [];
  for (const each of named) {
    const { attachment, file, isAwaited } = await attachmentOf(each, number, chatFiles);
    if (isAwaited) onAwaited(name, Number(number));
    if (each.isOptional === true && file === undefined) continue;
    attachments.push(attachment);
    files.push(file);
  }
  return { attachments, files };
}
