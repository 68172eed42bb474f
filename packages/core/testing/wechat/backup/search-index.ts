import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ChatPlan } from "../plan.ts";

/** As newer or as older versions keep it. */
export type IndexForm = "fts5" | "fts4";

export const indexPath = "fts/fts_message.db";
const tables = 4;
const textType = 1;

const forms: Readonly<
  Record<IndexForm, { readonly name: string; readonly text: string; readonly columns: string }>
> = {
  fts5: {
    name: "fts5_message_table",
    text: "AMessage",
    columns:
      "usernameid UNINDEXED, MesLocalID UNINDEXED, AMessage, CreateTime UNINDEXED, tokenize='unicode61'",
  },
  fts4: {
    name: "fts_message_table",
    text: "Message",
    columns:
      "usernameid, MesLocalID, CreateTime, Message, notindexed=usernameid, notindexed=MesLocalID, notindexed=CreateTime",
  },
};

/** What the index is made from. */
export interface IndexableRow {
  readonly number: number;
  readonly sentSeconds: number;
  readonly isOwn: boolean;
  readonly type: number;
  readonly text: string;
}

/**
 * WeChat's own search index: the words of texts and the titles of cards, by chat and number. WeChat cuts Chinese into
 * smaller words than SQLite does here, so that a real one is larger.
 */
export class MadeSearchIndex {
  readonly #database: DatabaseSync;
  readonly #form: IndexForm;
  readonly #inserts: readonly StatementSync[];
  readonly #name: StatementSync;
  readonly #hasSenders: boolean;

  /** `hasSenders`: whether the line that names the sender in a group stands in it. */
  constructor(database: DatabaseSync, form: IndexForm, hasSenders = false) {
    const { name, text, columns } = forms[form];
    this.#database = database;
    this.#form = form;
    this.#hasSenders = hasSenders;
    database.exec(
      "CREATE TABLE IF NOT EXISTS fts_username_id (UsrName TEXT PRIMARY KEY, usernameid INTEGER)",
    );
    this.#inserts = Array.from({ length: tables }, (_, n) => {
      database.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${name}_${n} USING ${form}(${columns})`);
      return database.prepare(
        `INSERT INTO ${name}_${n} (usernameid, MesLocalID, CreateTime, ${text}) VALUES (?, ?, ?, ?)`,
      );
    });
    this.#name = database.prepare("INSERT OR IGNORE INTO fts_username_id VALUES (?, ?)");
  }

  chat({ index, person }: Pick<ChatPlan, "index" | "person">): void {
    this.#name.run(person.userName, BigInt(index + 1));
  }

  add(chat: Pick<ChatPlan, "index">, row: IndexableRow): void {
    const words = wordsOf(row, this.#hasSenders);
    if (words === "") return;
    const ids = [chat.index + 1, row.number, row.sentSeconds].map(BigInt);
    this.#inserts[chat.index % tables]!.run(...ids, words);
  }

  /** Numbers of rows that are there no more, or say something else. */
  remove(chat: Pick<ChatPlan, "index">, numbers: Iterable<number>): void {
    const table = `${forms[this.#form].name}_${chat.index % tables}`;
    const wanted = [...numbers].join();
    if (wanted !== "")
      this.#database.exec(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE usernameid = ${chat.index + 1} AND MesLocalID IN (${wanted}))`,
      );
  }
}

/** The texts of people, and of all else its title. */
function wordsOf({ type, text, isOwn }: IndexableRow, hasSenders: boolean): string {
  if (type !== textType) return /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? "";
  return hasSenders || isOwn ? text : text.replace(/^[^\s:<>]{1,128}:\n/, "");
}
