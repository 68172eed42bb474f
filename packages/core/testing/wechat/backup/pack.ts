import { zstdCompressSync } from "node:zlib";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { concatBytes, textToBytes, type Bytes } from "../../../src/base/index.ts";
import { BackupWriter } from "../../apple/writer.ts";
import { md5 } from "../names.ts";
import { planPhone, type AccountPlan, type WeChatOptions } from "../plan.ts";
import { indexPath, MadeSearchIndex, type IndexableRow, type IndexForm } from "./search-index.ts";
import { databaseNumbers, inFile, withDatabases } from "./write.ts";

/** How long texts are packed, and what the search index holds of them. */
export interface Packing {
  /** With a dictionary that nobody has, or without one. */
  readonly dictionary: boolean;
  /** The index as newer or older versions keep it; none if absent. */
  readonly index?: IndexForm;
  /** Whether the index has the line before a text in groups that names the sender. */
  readonly hasSenders?: boolean;
}

/** How WeChat's database library marks what it packed from text. */
const marks = { dictionary: 2, plain: 4 } as const;
const dictionaryId = 5;
const leastBytes = 20;

/** Alters an unprotected backup as newer versions of WeChat keep it: with packed texts, and a search index. */
export function packTexts(folder: string, options: WeChatOptions, packing: Packing): void {
  const { accounts, endMs } = planPhone(options);
  const writer = new BackupWriter(folder, { takenMs: endMs });
  for (const account of accounts) {
    const numbers = new Set([0, ...databaseNumbers(account, () => true)]);
    withDatabases(writer, account, [...numbers], (databases) => {
      inFile(writer, account, indexPath, (index) =>
        fillIndex(index, { account, databases: [...databases.values()], packing }),
      );
      for (const database of databases.values()) packAll(database, packing);
    });
  }
  writer.finish();
}

/** A frame of zstd; with a dictionary, its header names one, and it can be unpacked by nobody here. */
export function packedText(text: string, hasDictionary: boolean): Bytes {
  const frame = new Uint8Array(zstdCompressSync(textToBytes(text)));
  if (!hasDictionary) return frame;
  const descriptor = frame[4]!;
  const start = 5 + ((descriptor & 0x20) === 0 ? 1 : 0);
  const header = Uint8Array.of(...frame.subarray(0, 4), descriptor | 1, ...frame.subarray(5, start));
  return concatBytes(header, Uint8Array.of(dictionaryId), frame.subarray(start));
}

function packAll(database: DatabaseSync, { dictionary }: Packing): void {
  if (!dictionary) packSources(database);
  for (const table of chatTables(database)) {
    database.exec(`ALTER TABLE "${table}" ADD COLUMN WCDB_CT_Message INTEGER DEFAULT NULL`);
    const update = database.prepare(
      `UPDATE "${table}" SET Message = ?, WCDB_CT_Message = ? WHERE MesLocalID = ?`,
    );
    for (const { number, text } of rowsOf(database, table)) {
      const frame = packedText(text, dictionary);
      // What does not get shorter stays as it is; with a dictionary most texts do.
      if ((dictionary ? leastBytes : frame.length) >= textToBytes(text).length) continue;
      update.run(frame, dictionary ? marks.dictionary : marks.plain, number);
    }
  }
}

/** What lies beside rows is packed in the same way. */
function packSources(database: DatabaseSync): void {
  for (const table of tablesLike(database, "ChatExt2_*")) {
    const update = database.prepare(`UPDATE "${table}" SET MsgSource = ? WHERE MesLocalID = ?`);
    const rows = database.prepare(`SELECT MesLocalID, MsgSource FROM "${table}"`).all();
    for (const { MesLocalID: number, MsgSource: source } of rows)
      update.run(packedText(source as string, false), number!);
  }
}

interface Filling {
  readonly account: AccountPlan;
  readonly databases: readonly DatabaseSync[];
  readonly packing: Packing;
}

/** In place of the index that is there. */
function fillIndex(index: DatabaseSync, { account, databases, packing }: Filling): void {
  for (const table of tablesLike(index, "fts*_message_table_[0-9]")) index.exec(`DROP TABLE "${table}"`);
  if (packing.index === undefined) return;
  const made = new MadeSearchIndex(index, packing.index, packing.hasSenders);
  for (const { index: place, person } of account.chats) {
    const chat = `Chat_${md5(person.userName)}`;
    for (const database of databases.filter((each) => chatTables(each).includes(chat)))
      for (const row of rowsOf(database, chat)) made.add({ index: place }, row);
  }
}

function rowsOf(database: DatabaseSync, table: string): IndexableRow[] {
  const sql = `SELECT MesLocalID, CreateTime, Type, Message, Des FROM "${table}" ORDER BY MesLocalID`;
  const rows = database.prepare(sql).all() as Record<string, SQLInputValue>[];
  return rows.map((row) => ({
    number: row["MesLocalID"] as number,
    sentSeconds: row["CreateTime"] as number,
    type: row["Type"] as number,
    text: row["Message"] as string,
    isOwn: row["Des"] === 0,
  }));
}

function chatTables(database: DatabaseSync): string[] {
  return tablesLike(database, "Chat_*").filter((name) => /^Chat_[0-9a-f]{32}$/.test(name));
}

function tablesLike(database: DatabaseSync, pattern: string): string[] {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?";
  const names = database.prepare(sql).all(pattern) as { name: string }[];
  return names.map(({ name }) => name);
}
