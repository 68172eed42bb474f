import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { concatBytes, type Bytes } from "../../src/base/index.ts";
import type { Plist } from "../../src/apple/plist.ts";
import type { PhoneFile } from "../apple/backup.ts";
import { writeKeyedArchive } from "../apple/plist.ts";
import { protoField } from "./encode.ts";
import { md5 } from "./names.ts";
import { appDomain, groupDomain } from "./backup/settings.ts";

export { md5 } from "./names.ts";

/** A row of an invented chat, as WeChat keeps it. */
export interface PhoneRow {
  readonly number: number;
  readonly server?: bigint;
  readonly sentSeconds: number;
  readonly isOwn?: boolean;
  readonly type: number;
  /** Bytes where it is packed. */
  readonly text: string | Bytes;
  /** The XML beside it, which names people. */
  readonly source?: string;
}

interface PhoneChat {
  readonly userName: string;
  /** In which of the account's databases it lies: 0 is `MM.sqlite`. */
  readonly database?: number;
  readonly rows: readonly PhoneRow[];
  /** Files beside it by their place, such as `Img/3.pic`. */
  readonly files?: Readonly<Record<string, Bytes>>;
}

interface PhoneContact {
  readonly userName: string;
  readonly nickname?: string;
  readonly alias?: string;
  readonly remark?: string;
  /** A group's, with the name that each has there. */
  readonly members?: Readonly<Record<string, string>>;
  readonly avatar?: Bytes;
}

/** What WeChat's own search index holds of a row. */
interface IndexedRow {
  readonly userName: string;
  readonly number: number;
  readonly sentSeconds: number;
  readonly words: string;
}

/** One account of an invented phone. */
export interface PhoneWeChat {
  readonly userName: string;
  readonly nickname?: string;
  readonly chats: readonly PhoneChat[];
  readonly contacts?: readonly PhoneContact[];
  readonly searchIndex?: readonly IndexedRow[];
}

/** The files that WeChat has on a phone with these accounts. */
export function weChatFiles(accounts: readonly PhoneWeChat[]): PhoneFile[] {
  const logins = accounts.map(({ userName, nickname = "" }) =>
    protoField(1, concatBytes(protoField(1, userName), protoField(3, nickname))),
  );
  return [file("Documents/LoginInfo2.dat", concatBytes(...logins)), ...accounts.flatMap(accountFiles)];
}

function accountFiles(account: PhoneWeChat): PhoneFile[] {
  const { userName, nickname = "", chats, contacts = [], searchIndex } = account;
  const folder = `Documents/${md5(userName)}`;
  const settings = new Map<string, Plist>([
    ["UsrName", userName],
    ["NickName", nickname],
  ]);
  const numbers = new Set([0, ...chats.map(({ database = 1 }) => database)]);
  const databases = [...numbers].map((number) => {
    const name = number === 0 ? "MM.sqlite" : `message_${number}.sqlite`;
    const held = chats.filter(({ database = 1 }) => database === number);
    return file(
      `${folder}/DB/${name}`,
      databaseOf((database) => held.forEach((chat) => addChat(database, chat))),
    );
  });
  const media = chats.flatMap((chat) =>
    Object.entries(chat.files ?? {}).map(([place, content]) => {
      const [kind, ...rest] = place.split("/");
      return file(`${folder}/${kind}/${md5(chat.userName)}/${rest.join("/")}`, content);
    }),
  );
  const avatars = contacts.flatMap(({ userName: contact, avatar }) =>
    avatar === undefined
      ? []
      : [
          {
            domain: groupDomain,
            path: `share/${md5(userName)}/session/headImg/${md5(contact)}.pic`,
            content: avatar,
          },
        ],
  );
  return [
    ...avatars,
    file(`${folder}/mmsetting.archive`, writeKeyedArchive(settings, "MMSetting")),
    ...databases,
    file(
      `${folder}/DB/WCDB_Contact.sqlite`,
      databaseOf((database) => addContacts(database, contacts)),
    ),
    ...media,
    ...(searchIndex === undefined ? [] : [file(`${folder}/fts/fts_message.db`, indexOf(searchIndex))]),
  ];
}

function indexOf(rows: readonly IndexedRow[]): Bytes {
  const users = [...new Set(rows.map(({ userName }) => userName))];
  return databaseOf((database) => {
    database.exec(`
      CREATE TABLE fts_username_id (UsrName TEXT, usernameid INTEGER);
      CREATE VIRTUAL TABLE fts5_message_table_0 USING fts5(usernameid, MesLocalID, CreateTime, AMessage);
    `);
    const user = database.prepare("INSERT INTO fts_username_id VALUES (?, ?)");
    for (const [id, userName] of users.entries()) user.run(userName, BigInt(id + 1));
    const insert = database.prepare("INSERT INTO fts5_message_table_0 VALUES (?, ?, ?, ?)");
    for (const { userName, number, sentSeconds, words } of rows)
      insert.run(BigInt(users.indexOf(userName) + 1), BigInt(number), BigInt(sentSeconds), words);
  });
}

function addChat(database: DatabaseSync, { userName, rows }: PhoneChat): void {
  const hash = md5(userName);
  database.exec(`
    CREATE TABLE "Chat_${hash}" (CreateTime INTEGER DEFAULT 0, Des INTEGER, ImgStatus INTEGER DEFAULT 0,
      MesLocalID INTEGER PRIMARY KEY AUTOINCREMENT, Message TEXT, MesSvrID INTEGER DEFAULT 0,
      Status INTEGER DEFAULT 0, TableVer INTEGER DEFAULT 1, Type INTEGER);
    CREATE TABLE "ChatExt2_${hash}" (MesLocalID INTEGER PRIMARY KEY, msgFlag INTEGER, MsgSource TEXT);
  `);
  const insert = database.prepare(
    `INSERT INTO "Chat_${hash}" (CreateTime, Des, MesLocalID, Message, MesSvrID, Type) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const beside = database.prepare(`INSERT INTO "ChatExt2_${hash}" (MesLocalID, MsgSource) VALUES (?, ?)`);
  for (const { number, server = 0n, sentSeconds, isOwn = false, type, text, source } of rows) {
    insert.run(sentSeconds, isOwn ? 0 : 1, number, text, server, type);
    if (source !== undefined) beside.run(number, source);
  }
}

function addContacts(database: DatabaseSync, contacts: readonly PhoneContact[]): void {
  database.exec(
    "CREATE TABLE Friend (userName TEXT PRIMARY KEY, type INTEGER, dbContactRemark BLOB, dbContactChatRoom BLOB)",
  );
  const insert = database.prepare("INSERT INTO Friend VALUES (?, 3, ?, ?)");
  for (const { userName, nickname = "", alias = "", remark = "", members } of contacts) {
    const names = [nickname, alias, remark].map((name, i) => protoField(i + 1, name));
    insert.run(userName, concatBytes(...names), members === undefined ? null : roomOf(members));
  }
}

function roomOf(members: Readonly<Record<string, string>>): Bytes {
  const xml = Object.entries(members).map(
    ([userName, card]) => `<Member UserName="${userName}"><DisplayName>${card}</DisplayName></Member>`,
  );
  return protoField(6, `<RoomData>${xml.join("")}</RoomData>`);
}

/** The bytes of a database, with the mark of an invented one in it. */
function databaseOf(fill: (database: DatabaseSync) => void): Bytes {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-phone-"));
  const path = join(folder, "made.sqlite");
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE keepsake_fixture (made TEXT)",
  );
  database.exec("BEGIN");
  fill(database);
  database.exec("COMMIT");
  database.close();
  const bytes = new Uint8Array(readFileSync(path));
  rmSync(folder, { recursive: true });
  return bytes;
}

function file(path: string, content: Bytes): PhoneFile {
  return { domain: appDomain, path, content };
}
