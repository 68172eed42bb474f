import type { DatabaseSync } from "node:sqlite";
import { BackupWriter } from "../../apple/writer.ts";
import { dayMs } from "../../history/plan.ts";
import { randomOf } from "../../history/random.ts";
import { addContacts, addFurtherTables, addOldContacts, ChatTable, fillUp, inDatabase } from "./databases.ts";
import { sorts } from "../kinds/made.ts";
import { hex } from "../kinds/xml.ts";
import { indexPath, MadeSearchIndex } from "./search-index.ts";
import { writeContent } from "../files.ts";
import { planPhone, type AccountPlan, type ChatPlan, type PhonePlan, type WeChatOptions } from "../plan.ts";
import { ChatRows, type MadeRow } from "../rows.ts";
import { appDomain, sessionCell, settingFiles } from "./settings.ts";

const CACHE_FILE_BYTES = 200_000;

/**
 * Writes the backup of an imagined phone into a folder, row by row and file by file, in memory that does not hang on
 * how long its history is.
 */
export function writePhone(folder: string, options: WeChatOptions): void {
  const plan = planPhone(options);
  const writer = new BackupWriter(folder, { protection: options.protection });
  for (const { content, ...place } of settingFiles(plan)) writer.add(place, content);
  for (const account of plan.accounts) writeAccount(writer, plan, account);
  writeCaches(writer, plan);
  writer.finish();
}

/** Alters the backup as a day more on the phone does: rows come, are taken back and go, and files come. */
export function dayLater(folder: string, options: WeChatOptions): void {
  const plan = planPhone(options);
  const takenMs = plan.endMs + 3 * dayMs;
  const writer = new BackupWriter(folder, { protection: options.protection, takenMs });
  const [account] = plan.accounts;
  const numbers = databaseNumbers(account!, (chat) => isChanged(chat));
  withDatabases(writer, account!, numbers, (databases) => {
    inFile(writer, account!, indexPath, (file) => {
      const index = new MadeSearchIndex(file, plan.generation.searchIndex);
      for (const chat of account!.chats.filter(isChanged))
        changeChat(writer, { plan, account: account!, index, chat }, databases);
    });
  });
  writer.finish();
}

interface AccountAt {
  readonly plan: PhonePlan;
  readonly account: AccountPlan;
  readonly index: MadeSearchIndex;
}

interface ChatAt extends AccountAt {
  readonly chat: ChatPlan;
}

type Databases = ReadonlyMap<number, DatabaseSync>;

function isChanged({ later }: ChatPlan): boolean {
  return later.rows + later.revoked.size + later.gone.size > 0;
}

function writeAccount(writer: BackupWriter, plan: PhonePlan, account: AccountPlan): void {
  const { generation, options } = plan;
  const numbers = new Set([0, ...databaseNumbers(account, () => true)]);
  withDatabases(writer, account, [...numbers], (databases) => {
    const main = databases.get(0)!;
    addFurtherTables(main, plan, account);
    if (generation.contacts === "in MM.sqlite") addOldContacts(main, account);
    inFile(writer, account, indexPath, (file) => {
      const index = new MadeSearchIndex(file, generation.searchIndex);
      writeRows(writer, { plan, account, index }, databases);
    });
    if (account.index === 0 && options.databaseBytes !== undefined)
      for (const database of databases.values()) fillUp(database, options.databaseBytes / databases.size);
  });
  if (generation.contacts === "own database")
    inFile(writer, account, "DB/WCDB_Contact.sqlite", (database) => addContacts(database, plan, account));
  inFile(writer, account, "session/session.db", (database) => addSessions(database, account));
}

/** Row by row in order of time over all chats, as a phone does: what belongs to a chat lies scattered. */
function writeRows(writer: BackupWriter, at: AccountAt, databases: Databases): void {
  const { account } = at;
  const writers = account.chats.map((chat) => chatWriter({ ...at, chat }, databases));
  for (const row of inTime(writers)) writeMedia(writer, account, row);
}

/** Writes a chat's rows one by one, and gives each that is written. */
function* chatWriter({ plan, account, index, chat }: ChatAt, databases: Databases): Generator<MadeRow> {
  const rows = new ChatRows(plan, account, chat).all();
  index.chat(chat);
  for (const piece of chat.pieces) {
    const table = new ChatTable(databases.get(piece.database)!, plan, chat);
    for (let left = piece.rows; left > 0; left--) {
      const { value: row } = rows.next() as { value: MadeRow };
      table.add(row);
      index.add(chat, row);
      yield row;
    }
  }
}

/** What several give in order of time, together in order of time. */
function* inTime(writers: readonly Generator<MadeRow>[]): Generator<MadeRow> {
  const waiting: { readonly row: MadeRow; readonly from: Generator<MadeRow> }[] = [];
  const isBefore = (a: number, b: number): boolean =>
    waiting[a]!.row.sentSeconds < waiting[b]!.row.sentSeconds;
  const swap = (a: number, b: number): void => {
    [waiting[a], waiting[b]] = [waiting[b]!, waiting[a]!];
  };
  const sink = (from: number): void => {
    for (let at = from, least = at; ; at = least) {
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < waiting.length && isBefore(child, least)) least = child;
      if (least === at) return;
      swap(at, least);
    }
  };
  for (const from of writers) {
    const { value: row, done } = from.next();
    if (done !== true) waiting.push({ row, from });
  }
  for (let at = waiting.length >> 1; at >= 0; at--) sink(at);
  while (waiting.length > 0) {
    const { row, from } = waiting[0]!;
    yield row;
    const next = from.next();
    const last = next.done === true ? waiting.pop()! : { row: next.value, from };
    if (waiting.length > 0) waiting[0] = last;
    sink(0);
  }
}

function changeChat(
  writer: BackupWriter,
  { plan, account, index, chat }: ChatAt,
  databases: Databases,
): void {
  const rows = new ChatRows(plan, account, chat);
  const tables = chat.pieces.map(({ database }) => new ChatTable(databases.get(database)!, plan, chat));
  const first = chat.pieces[0]!.rows;
  const tableOf = (number: number): ChatTable => (number <= first ? tables[0]! : tables.at(-1)!);
  for (const row of rows.revoked()) tableOf(row.number).change(row);
  for (const number of chat.later.gone) tableOf(number).remove(number);
  index.remove(chat, [...chat.later.revoked, ...chat.later.gone]);
  for (const row of rows.later()) {
    tables.at(-1)!.add(row);
    index.add(chat, row);
    writeMedia(writer, account, row);
  }
}

function writeMedia(writer: BackupWriter, { folder }: AccountPlan, { media, sentSeconds }: MadeRow): void {
  for (const { place, content } of media)
    writer.write(
      { domain: appDomain, path: `Documents/${folder}/${place}`, modifiedMs: sentSeconds * 1000 },
      (path) => writeContent(path, content),
    );
}

export function databaseNumbers({ chats }: AccountPlan, isMeant: (chat: ChatPlan) => boolean): number[] {
  return [...new Set(chats.filter(isMeant).flatMap(({ pieces }) => pieces.map(({ database }) => database)))];
}

/** Opens the account's databases of these numbers, one within the other. */
export function withDatabases(
  writer: BackupWriter,
  account: AccountPlan,
  numbers: readonly number[],
  use: (databases: Databases) => void,
): void {
  const open = (rest: readonly number[], databases: Databases): void => {
    const [number, ...further] = rest;
    if (number === undefined) return use(databases);
    const name = number === 0 ? "MM.sqlite" : `message_${number}.sqlite`;
    inFile(writer, account, `DB/${name}`, (database) =>
      open(further, new Map([...databases, [number, database]])),
    );
  };
  open(numbers, new Map());
}

export function inFile(
  writer: BackupWriter,
  { folder }: AccountPlan,
  place: string,
  fill: (database: DatabaseSync) => void,
): void {
  writer.write({ domain: appDomain, path: `Documents/${folder}/${place}` }, (path) => inDatabase(path, fill));
}

/** The list of sessions knows names that the list of contacts does not. */
function addSessions(database: DatabaseSync, { chats }: AccountPlan): void {
  database.exec(
    "CREATE TABLE SessionAbstract (UsrName TEXT PRIMARY KEY, CreateTime INTEGER, unreadcount INTEGER, ConIntRes1 INTEGER, ConStrRes1 TEXT)",
  );
  const insert = database.prepare("INSERT INTO SessionAbstract VALUES (?, 1, 0, 0, ?)");
  for (const chat of chats)
    if (chat.naming !== "nobody") insert.run(chat.person.userName, `/${sessionCell(chat)}`);
}

/** What is no part of chats: Moments and other caches, by turns. */
function writeCaches(writer: BackupWriter, { options, accounts }: PhonePlan): void {
  const { cacheBytes = 0, seed } = options;
  const count = Math.ceil(cacheBytes / CACHE_FILE_BYTES);
  const own = `Documents/${accounts[0]!.folder}`;
  const folders = [`${own}/wc/cache`, `${own}/wc/media`, "Library/Caches/com.tencent.xin"];
  for (let i = 0; i < count; i++) {
    const content = {
      id: `${seed} cache ${i}`,
      sizeBytes: Math.round(cacheBytes / count),
      magic: sorts.image.magic,
    };
    const path = `${folders[i % folders.length]}/${hex(randomOf(content.id), 32)}`;
    writer.write({ domain: appDomain, path }, (to) => writeContent(to, content));
  }
}
