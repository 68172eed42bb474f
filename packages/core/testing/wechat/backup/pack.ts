import { zstdCompressSync } from "node:zlib";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { concatBytes, textToBytes, type Bytes } from "../../../src/base/index.ts";
import { BackupWriter } from "../../apple/writer.ts";
import { md5 } from "../names.ts";
import { planPhone, type AccountPlan, type WeChatOptions } from "../plan.ts";
import { databaseNumbers, inFile, withDatabases } from "./write.ts";

/** How long texts are packed, and what the search index holds of them. */
export interface Packing {
  /** With a dictionary that nobody has, or without one. */
  readonly dictionary: boolean;
  /** The index as newer or older versions keep it; none if absent. */
  readonly index?: "fts5" | "fts4";
  /** Whether the index has the line before a text in groups that names the sender. */
  readonly hasSenders?: boolean;
}

/** How WeChat's database library marks what it packed from text. */
const marks = { dictionary: 2, plain: 4 } as const;
const dictionaryId = 5;
const leastBytes = 20;
const indexTables = 4;
const textType = 1;

/** Alters an unprotected backup as newer versions of WeChat keep it: with packed texts, and a search index. */
export function packTexts(folder: string, options: WeChatOptions, packing: Packing): void {
  const { accounts, endMs } = planPhone(options);
  const writer = new BackupWriter(folder, { takenMs: endMs });
  for (const account of accounts) {
    const numbers = new Set([0, ...databaseNumbers(account, () => true)]);
    withDatabases(writer, account, [...numbers], (databases) => {
      if (packing.index !== undefined)
        inFile(writer, account, "fts/fts_message.db", (index) =>
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

interface Filling {
  readonly account: AccountPlan;
  readonly databases: readonly DatabaseSync[];
  readonly packing: Packing;
}

const declarations = {
  fts5: (n: number) =>
    `CREATE VIRTUAL TABLE fts5_message_table_${n} USING fts5(usernameid UNINDEXED, MesLocalID UNINDEXED, AMessage, CreateTime UNINDEXED, tokenize='unicode61')`,
  fts4: (n: number) =>
    `CREATE VIRTUAL TABLE fts_message_table_${n} USING fts4(usernameid, MesLocalID, CreateTime, Message)`,
};

function fillIndex(index: DatabaseSync, { account, databases, packing }: Filling): void {
  const form = packing.index!;
  index.exec("CREATE TABLE fts_username_id (UsrName TEXT PRIMARY KEY, usernameid INTEGER)");
  const table = form === "fts5" ? "fts5_message_table_" : "fts_message_table_";
  const text = form === "fts5" ? "AMessage" : "Message";
  const inserts = Array.from({ length: indexTables }, (_, n) => {
    index.exec(declarations[form](n));
    return index.prepare(
      `INSERT INTO ${table}${n} (usernameid, MesLocalID, CreateTime, ${text}) VALUES (?, ?, ?, ?)`,
    );
  });
  const name = index.prepare("INSERT INTO fts_username_id VALUES (?, ?)");
  for (const [id, { person }] of account.chats.entries()) {
    name.run(person.userName, BigInt(id + 1));
    const chat = `Chat_${md5(person.userName)}`;
    for (const database of databases.filter((each) => chatTables(each).includes(chat)))
      for (const row of rowsOf(database, chat)) {
        const words = wordsOf(row, packing);
        if (words !== "")
          inserts[id % indexTables]!.run(BigInt(id + 1), BigInt(row.number), BigInt(row.sent), words);
      }
  }
}

/** The texts of people, and of all else its title. */
function wordsOf({ type, text, isOwn }: Row, { hasSenders = false }: Packing): string {
  if (type !== textType) return /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "";
  return hasSenders || isOwn ? text : text.replace(/^[^\s:<>]{1,128}:\n/, "");
}

interface Row {
  readonly number: number;
  readonly sent: number;
  readonly type: number;
  readonly text: string;
  readonly isOwn: boolean;
}

function rowsOf(database: DatabaseSync, table: string): Row[] {
  const sql = `SELECT MesLocalID, CreateTime, Type, Message, Des FROM "${table}" ORDER BY MesLocalID`;
  const rows = database.prepare(sql).all() as Record<string, SQLInputValue>[];
  return rows.map((row) => ({
    number: row["MesLocalID"] as number,
    sent: row["CreateTime"] as number,
    type: row["Type"] as number,
    text: row["Message"] as string,
    isOwn: row["Des"] === 0,
  }));
}

function chatTables(database: DatabaseSync): string[] {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'Chat_*'";
  const names = database.prepare(sql).all() as { name: string }[];
  return names.map(({ name }) => name).filter((name) => /^Chat_[0-9a-f]{32}$/.test(name));
}
