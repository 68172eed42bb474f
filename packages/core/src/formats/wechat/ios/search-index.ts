import type { AppleBackup, BackupFile } from "../../../apple/index.ts";
import { KeepsakeError, type Finding } from "../../../base/index.ts";
import type { Sqlite, SqliteDatabase, SqliteRow, SqliteSelect, SqliteValue } from "../../../sqlite/index.ts";
import { rowsOf } from "./databases.ts";
import { appDomain, md5Of } from "./people/account.ts";

const name = "fts/fts_message.db";
const namesTable = "fts_username_id";
/** Where the texts of the index lie: SQLite keeps them in ordinary tables beside the virtual ones. */
const contentTable = /^fts5?_message(?:_table)?(?:_[0-9]{1,4})?_content$/;
/** So many texts are asked for at a time. */
const portion = 64;

interface Place {
  /** The account's. */
  readonly folder: string;
  readonly sqlite: Sqlite;
  readonly signal?: AbortSignal | undefined;
}

/** What an index is asked for: a row, and when it was sent. */
export interface Asked {
  readonly number: number;
  readonly sentSeconds: bigint;
}

/** The columns of a table of texts, under the names that they have there. */
interface ContentTable {
  readonly table: string;
  readonly chat: string;
  readonly number: string;
  readonly sent: string | undefined;
  readonly text: string;
}

/** The rows of one chat in one table: numbers ascending, and where each lies. */
interface Places {
  readonly content: ContentTable;
  readonly numbers: number[];
  readonly rowIds: number[];
}

/**
 * WeChat's own search index, in which the words of a message stand plainly though the message itself may be packed.
 * It is looked at where a message cannot be read otherwise, and only its ordinary tables are.
 */
export class SearchIndex implements AsyncDisposable {
  readonly #open: () => Promise<SqliteDatabase | undefined>;
  readonly #onFinding: (finding: Finding) => void;
  #opened: Promise<Opened | undefined> | undefined;

  constructor(backup: AppleBackup, { folder, sqlite, signal }: Place, onFinding: (finding: Finding) => void) {
    this.#onFinding = onFinding;
    this.#open = async () => {
      const files = new Map<string, BackupFile>();
      for await (const file of backup.within(appDomain, `Documents/${folder}/${name}`))
        files.set(file.path.slice(`Documents/${folder}/`.length), file);
      const main = await files.get(name)?.open();
      const wal = await files.get(`${name}-wal`)?.open();
      return main && (await sqlite.open({ main, wal }, { signal }));
    };
  }

  /**
   * The words of some of a chat's rows, by their numbers, where the index has them; undefined where there is no
   * index. The chat goes by the hash of its name.
   */
  async texts(hash: string, asked: readonly Asked[]): Promise<ReadonlyMap<number, string> | undefined> {
    const opened = await (this.#opened ??= this.#begin());
    if (opened === undefined) return undefined;
    const texts = new Map<number, string>();
    for (const places of opened.byChat.get(hash) ?? [])
      for (let i = 0; i < asked.length; i += portion)
        await this.#take(opened.database, places, asked.slice(i, i + portion), texts);
    return texts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened;
    await opened?.database[Symbol.asyncDispose]();
  }

  async #begin(): Promise<Opened | undefined> {
    try {
      const database = await this.#open();
      return database && { database, byChat: await this.#placesIn(database) };
    } catch (error) {
      if (!KeepsakeError.is(error) || error.code === "base.aborted") throw error;
      this.#onFinding({ code: "wechat.database-broken", severity: "error", where: name });
      return undefined;
    }
  }

  async #placesIn(database: SqliteDatabase): Promise<Opened["byChat"]> {
    const hashes = await this.#chatsIn(database);
    const byChat = new Map<string, Places[]>();
    for (const content of await contentTables(database))
      for (const [chat, places] of await this.#placesOf(database, content)) {
        const hash = hashes.get(chat);
        if (hash !== undefined) byChat.set(hash, [...(byChat.get(hash) ?? []), inOrder(places)]);
      }
    return byChat;
  }

  /** Chats by the number that they have in the index, as the hash of their name. */
  async #chatsIn(database: SqliteDatabase): Promise<ReadonlyMap<SqliteValue, string>> {
    const hashes = new Map<SqliteValue, string>();
    if (!database.tables.includes(namesTable)) return hashes;
    const select = { table: namesTable, columns: ["usernameid", "UsrName"] };
    for await (const rows of this.#rows(database, select))
      for (const [id, user] of rows) if (typeof user === "string") hashes.set(id!, md5Of(user));
    return hashes;
  }

  /** One walk over all rows, without their words: the index has no order by chat. */
  async #placesOf(
    database: SqliteDatabase,
    content: ContentTable,
  ): Promise<ReadonlyMap<SqliteValue, Places>> {
    const byChat = new Map<SqliteValue, Places>();
    const columns = ["rowid", content.chat, content.number];
    for await (const rows of this.#rows(database, { table: content.table, columns, order: ["rowid"] }))
      for (const [rowId, chat, number] of rows) {
        if (typeof rowId !== "bigint" || typeof number !== "bigint") continue;
        let places = byChat.get(chat!);
        if (places === undefined) byChat.set(chat!, (places = { content, numbers: [], rowIds: [] }));
        places.numbers.push(Number(number));
        places.rowIds.push(Number(rowId));
      }
    return byChat;
  }

  async #take(
    database: SqliteDatabase,
    { content, numbers, rowIds }: Places,
    asked: readonly Asked[],
    texts: Map<number, string>,
  ): Promise<void> {
    const sentOf = new Map(asked.map(({ number, sentSeconds }) => [number, sentSeconds]));
    const values = asked.flatMap(({ number }) => {
      const at = lastAt(numbers, number);
      return at === undefined ? [] : [BigInt(rowIds[at]!)];
    });
    if (values.length === 0) return;
    const { table, number, sent, text } = content;
    const columns = [number, text, ...(sent === undefined ? [] : [sent])];
    const where = [{ column: "rowid", is: "in", values } as const];
    for await (const rows of this.#rows(database, { table, columns, where }))
      for (const row of rows) {
        const known = Number(row[0]);
        if (typeof row[1] === "string" && isOf(row, sentOf.get(known))) texts.set(known, row[1]);
      }
  }

  #rows(database: SqliteDatabase, select: SqliteSelect): AsyncGenerator<readonly SqliteRow[]> {
    return rowsOf(database, select, { name, onFinding: this.#onFinding });
  }
}

interface Opened {
  readonly database: SqliteDatabase;
  readonly byChat: ReadonlyMap<string, readonly Places[]>;
}

const roles = { chat: /^usernameid$/i, number: /^MesLocalID$/i, sent: /^CreateTime$/i, text: /Message$/i };

async function contentTables(database: SqliteDatabase): Promise<ContentTable[]> {
  const found: ContentTable[] = [];
  for (const table of database.tables.filter((each) => contentTable.test(each))) {
    const columns = (await database.columns(table)).map((column) => column.name);
    const declared = database.virtualTables.get(table.slice(0, -"_content".length)) ?? "";
    const meanings = new Map(columns.map((column) => [column, meaningOf(column, declared)]));
    const columnFor = (role: RegExp): string | undefined =>
      columns.find((column) => role.test(meanings.get(column)!));
    const [chat, number, text] = [columnFor(roles.chat), columnFor(roles.number), columnFor(roles.text)];
    if (chat !== undefined && number !== undefined && text !== undefined)
      found.push({ table, chat, number, sent: columnFor(roles.sent), text });
  }
  return found;
}

/** Older tables call a column `c3Message`; newer ones `c3`, and only the virtual table's declaration says what it is. */
function meaningOf(column: string, declared: string): string {
  const [, place, own] = /^c([0-9]{1,3})(.*)$/.exec(column) ?? [];
  if (place === undefined || own !== "") return own ?? column;
  const list = /\bUSING\s+fts5\s*\((.*)\)\s*$/is.exec(declared)?.[1] ?? "";
  const names = list.split(",").filter((part) => !part.includes("="));
  return /^\s*["'`[]?([A-Za-z0-9_]+)/.exec(names[Number(place)] ?? "")?.[1] ?? "";
}

/** Numbers mostly come in order already. */
function inOrder(places: Places): Places {
  const { content, numbers, rowIds } = places;
  if (numbers.every((number, i) => i === 0 || numbers[i - 1]! <= number)) return places;
  const order = numbers.map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]! || a - b);
  return { content, numbers: order.map((i) => numbers[i]!), rowIds: order.map((i) => rowIds[i]!) };
}

/** The place of a number, the last one where it is there several times. */
function lastAt(numbers: readonly number[], wanted: number): number | undefined {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1] === wanted ? low - 1 : undefined;
}

/** A number may be of another message by now: where the index says when it was sent, that is held against it. */
function isOf([, , sent]: SqliteRow, sentSeconds: bigint | undefined): boolean {
  return typeof sent !== "bigint" || sent === sentSeconds;
}
