import { throwIfAborted, type Finding } from "../../../base/index.ts";
import { checkMessage, type Attachment, type Message, type SourceFile } from "../../../model/index.ts";
import type { SqliteRow } from "../../../sqlite/index.ts";
import type { MessageEvent } from "../../in-order.ts";
import { readContent, serverScheme, type RowContext } from "../content/index.ts";
import type { NamedDatabase } from "./databases.ts";
import { attachmentOf, type ChatFiles } from "./media.ts";

const chatTable = /^Chat_([0-9a-f]{32})$/;
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
  readonly context: RowContext;
  readonly files: ChatFiles;
  readonly onFinding: (finding: Finding) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The messages of one table, many at a time, in the order in which the phone wrote them. */
export async function* messagesOf(
  { database, table, name }: ChatTables["tables"][number],
  reading: ChatReading,
): AsyncGenerator<readonly MessageEvent[]> {
  const sources = await sourcesOf(database, table);
  const select = { table, columns: COLUMNS, order: ["rowid"] };
  for await (const rows of database.select(select)) {
    throwIfAborted(reading.signal);
    yield rows.map((row) => messageOf(row, sources, { ...reading, name }));
  }
}

/** Rows that name people keep it beside the message, in a table of its own: few, so that they are held. */
async function sourcesOf(
  database: NamedDatabase["database"],
  table: string,
): Promise<ReadonlyMap<bigint, string>> {
  const beside = table.replace("Chat_", "ChatExt2_");
  const sources = new Map<bigint, string>();
  if (!database.tables.includes(beside)) return sources;
  for await (const rows of database.select({ table: beside, columns: ["MesLocalID", "MsgSource"] }))
    for (const [number, source] of rows)
      if (typeof number === "bigint" && typeof source === "string" && source.includes("atuserlist"))
        sources.set(number, source);
  return sources;
}

function messageOf(
  row: SqliteRow,
  sources: ReadonlyMap<bigint, string>,
  reading: ChatReading & { readonly name: string },
): MessageEvent {
  const [number, server, created, direction, type, text] = row;
  const local = typeof number === "bigint" ? String(number) : "";
  const sent = typeof created === "bigint" ? Number(created) * 1000 : 0;
  const source = typeof number === "bigint" ? sources.get(number) : undefined;
  const content = readContent(
    {
      type: typeof type === "bigint" ? Number(type) : 0,
      text: textOf(text),
      isOwn: direction === 0n,
      ...(source !== undefined && { source }),
    },
    reading.context,
  );
  const { files: named, findings, revokes, isNoise: _, ...said } = content;
  for (const finding of findings) reading.onFinding(finding);
  const { attachments, files } = attached(named, local, reading.files);
  const values = [server, revokes].flatMap((id) =>
    id === undefined || id === 0n || id === null ? [] : [String(id)],
  );
  const nativeIds = [...new Set(values)].sort().map((value) => ({ scheme: serverScheme, value }));
  const message: Message = {
    ...said,
    chat: reading.chat,
    ...(nativeIds.length > 0 && { nativeIds }),
    order: local,
    time: { sent, precision: "s", zone: "utc" },
    ...(attachments.length > 0 && { attachments }),
  };
  const checked = checkMessage(message, { chat: reading.chat, sent });
  for (const finding of checked.findings)
    reading.onFinding({ ...finding, where: `${reading.name}, row ${local}` });
  return files.some((file) => file !== undefined)
    ? { type: "message", message: checked.message, files }
    : { type: "message", message: checked.message };
}

function attached(
  named: ReturnType<typeof readContent>["files"],
  number: string,
  chatFiles: ChatFiles,
): { readonly attachments: Attachment[]; readonly files: (SourceFile | undefined)[] } {
  const attachments: Attachment[] = [];
  const files: (SourceFile | undefined)[] = [];
  for (const each of named) {
    const { attachment, file } = attachmentOf(each, number, chatFiles);
    if (each.isOptional === true && file === undefined) continue;
    attachments.push(attachment);
    files.push(file);
  }
  return { attachments, files };
}

/** Some versions keep long messages as bytes. */
function textOf(value: SqliteRow[number] | undefined): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}
