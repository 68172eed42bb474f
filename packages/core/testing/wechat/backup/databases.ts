import { DatabaseSync } from "node:sqlite";
import { concatBytes, type Bytes } from "../../../src/base/index.ts";
import { escaped } from "../kinds/xml.ts";
import { protoField } from "../encode.ts";
import { labelOf, md5 } from "../names.ts";
import { isOlderStill, type AccountPlan, type ChatPlan, type Person, type PhonePlan } from "../plan.ts";
import type { MadeRow } from "../rows.ts";

type Statement = ReturnType<DatabaseSync["prepare"]>;

/** Every invented database says that it is one. */
const mark = "CREATE TABLE IF NOT EXISTS keepsake_fixture (made TEXT);";
const BLOB_BYTES = 4000;

/** Opens or makes a database at a path, and puts all that `fill` does into one transaction. */
export function inDatabase<T>(path: string, fill: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768; BEGIN; ${mark}`,
  );
  const result = fill(database);
  database.exec("COMMIT");
  database.close();
  return result;
}

/** The tables of one chat in one database, to write into. */
export class ChatTable {
  readonly #insert: Statement;
  readonly #beside: Statement | undefined;
  readonly #database: DatabaseSync;
  readonly #hash: string;
  readonly #hasServer: boolean;
  readonly #later: readonly (string | number)[];

  constructor(database: DatabaseSync, plan: PhonePlan, chat: ChatPlan) {
    const { generation } = plan;
    const isOlder = isOlderStill(plan, chat);
    this.#database = database;
    this.#hash = md5(chat.person.userName);
    this.#hasServer = !isOlder;
    this.#later = Object.values(generation.laterColumns);
    const columns = isOlder ? generation.olderChatColumns! : generation.chatColumns;
    database.exec(`CREATE TABLE IF NOT EXISTS "Chat_${this.#hash}" (${columns})`);
    if (generation.hasBeside)
      database.exec(
        `CREATE TABLE IF NOT EXISTS "ChatExt2_${this.#hash}" (ConIntRes1 INTEGER DEFAULT 0, ConStrRes1 TEXT, MesLocalID INTEGER PRIMARY KEY, msgFlag INTEGER DEFAULT 0, MsgIdentify TEXT, MsgSource TEXT)`,
      );
    for (const column of ["CreateTime", "Status", ...(isOlder ? [] : ["MesSvrID"])])
      database.exec(
        `CREATE INDEX IF NOT EXISTS "Chat_${this.#hash}_${column}" ON "Chat_${this.#hash}" (${column})`,
      );
    const names = ["CreateTime", "Des", "MesLocalID", "Message", "Type", "Status"];
    names.push(...(isOlder ? [] : ["MesSvrID"]), ...Object.keys(generation.laterColumns));
    this.#insert = database.prepare(
      `INSERT INTO "Chat_${this.#hash}" (${names.join()}) VALUES (${names.map(() => "?").join()})`,
    );
    this.#beside = generation.hasBeside
      ? database.prepare(
          `INSERT INTO "ChatExt2_${this.#hash}" (MesLocalID, msgFlag, MsgSource) VALUES (?, 0, ?)`,
        )
      : undefined;
  }

  add({ number, server, sentSeconds, isOwn, type, text, source }: MadeRow): void {
    const fields = [sentSeconds, isOwn ? 0 : 1, number, text, type, isOwn ? 2 : 4];
    const id = this.#hasServer ? [BigInt(server ?? 0)] : [];
    this.#insert.run(...fields, ...id, ...this.#later);
    if (source !== undefined) this.#beside?.run(number, source);
  }

  change({ number, type, text }: MadeRow): void {
    const sql = `UPDATE "Chat_${this.#hash}" SET Type = ?, Message = ? WHERE MesLocalID = ?`;
    this.#database.prepare(sql).run(type, text, number);
  }

  remove(number: number): void {
    this.#database.prepare(`DELETE FROM "Chat_${this.#hash}" WHERE MesLocalID = ?`).run(number);
  }
}

/** The tables of `MM.sqlite` that are no chats. */
export function addFurtherTables(
  database: DatabaseSync,
  { generation }: PhonePlan,
  { chats }: AccountPlan,
): void {
  database.exec(`
    CREATE TABLE RevokeMsgTable (MSG_REVOKE_COL_SVRID BIGINT PRIMARY KEY, MSG_REVOKE_COL_CONTENT TEXT);
    INSERT INTO RevokeMsgTable VALUES (1, '撤回前的话');
    CREATE TABLE Emoticon1 (MD5 TEXT, Message TEXT, Type INTEGER DEFAULT 0);
    CREATE TABLE friend_meta (username TEXT PRIMARY KEY, lastUpdate INTEGER);
    CREATE TABLE "Hello_${md5("fmessage")}" (CreateTime INTEGER, Des INTEGER, MesLocalID INTEGER PRIMARY KEY, Message TEXT, OpCode INTEGER, Type INTEGER, UsrName TEXT);
    INSERT INTO "Hello_${md5("fmessage")}" VALUES (1600000000, 1, 1, '我是小周', 2, 37, 'wxid_zhou');
    ${generation.furtherTables}
  `);
  const meta = database.prepare("INSERT INTO friend_meta VALUES (?, 1)");
  for (const { person } of chats) meta.run(md5(person.userName));
}

/** Rows that are no messages, until the database is so large. */
export function fillUp(database: DatabaseSync, toBytes: number): void {
  database.exec(
    "CREATE TABLE IF NOT EXISTS MessageBizExtTable (msgLocalId INTEGER PRIMARY KEY, msgExt BLOB)",
  );
  const insert = database.prepare("INSERT INTO MessageBizExtTable (msgExt) VALUES (randomblob(?))");
  for (let bytes = sizeOf(database); bytes < toBytes; bytes = sizeOf(database))
    for (let i = 0; i < Math.min(5000, (toBytes - bytes) / BLOB_BYTES + 1); i++) insert.run(BLOB_BYTES);
}

function sizeOf(database: DatabaseSync): number {
  const { n } = database
    .prepare("SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size")
    .get() as { n: number };
  return n;
}

/** `WCDB_Contact.sqlite`. */
export function addContacts(database: DatabaseSync, plan: PhonePlan, { chats, contacts }: AccountPlan): void {
  const rooms = new Map(chats.map((chat) => [chat.person.userName, chat]));
  for (const table of ["Friend", "OpenIMContact", "QQContact", "MassSendContact"])
    database.exec(`CREATE TABLE ${table} (${plan.generation.contactColumns})`);
  const insertInto = (table: string): Statement =>
    database.prepare(
      `INSERT INTO ${table} (userName, type, dbContactRemark, dbContactHeadImage, dbContactChatRoom) VALUES (?, ?, ?, ?, ?)`,
    );
  const [friends, openIm] = [insertInto("Friend"), insertInto("OpenIMContact")];
  for (const person of contacts) {
    const { userName } = person;
    const room = rooms.get(userName);
    const insert = userName.endsWith("@openim") ? openIm : friends;
    const members = room?.place === "group" ? roomOf(room) : null;
    insert.run(userName, room === undefined ? 4 : 3, remarkOf(person), headOf(userName), members);
  }
}

function remarkOf({ userName, nickname = "", alias = "", remark = "" }: Person): Bytes {
  const label = labelOf(userName);
  const names = concatBytes(protoField(1, nickname), protoField(2, alias), protoField(3, remark));
  return label === undefined ? names : concatBytes(names, protoField(8, `${label.number},99`));
}

function headOf(userName: string): Bytes {
  const url = `https://wx.qlogo.cn/mmhead/ver_1/${md5(userName)}`;
  return concatBytes(protoField(2, `${url}/132`), protoField(3, `${url}/0`));
}

function roomOf({ members }: ChatPlan): Bytes {
  const xml = members.map(({ person: { userName }, card }) => {
    const shown = card === undefined ? "" : `<DisplayName>${escaped(card)}</DisplayName>`;
    return `<Member UserName="${userName}">${shown}</Member>`;
  });
  return concatBytes(
    protoField(1, members.map(({ person }) => person.userName).join(";")),
    protoField(6, `<RoomData>${xml.join("")}</RoomData>`),
  );
}

/** `Friend` and `Friend_Ext`, as versions before the database of contacts had them. */
export function addOldContacts(database: DatabaseSync, { chats, contacts }: AccountPlan): void {
  database.exec(`
    CREATE TABLE Friend (TableVer INTEGER DEFAULT 1, UsrName TEXT PRIMARY KEY, NickName TEXT, Uin INTEGER DEFAULT 0,
      Sex INTEGER DEFAULT 0, Type INTEGER DEFAULT 0);
    CREATE TABLE Friend_Ext (UsrName TEXT PRIMARY KEY, ConType INTEGER DEFAULT 0, ConRemark TEXT, ConChatRoomMem TEXT,
      ConStrRes2 TEXT);
  `);
  const rooms = new Map(chats.map((chat) => [chat.person.userName, chat]));
  const friend = database.prepare("INSERT INTO Friend (UsrName, NickName, Type) VALUES (?, ?, ?)");
  const beside = database.prepare(
    "INSERT INTO Friend_Ext (UsrName, ConRemark, ConChatRoomMem, ConStrRes2) VALUES (?, ?, ?, ?)",
  );
  for (const { userName, nickname = "", alias, remark = "" } of contacts) {
    const room = rooms.get(userName);
    friend.run(userName, nickname, room === undefined ? 4 : 3);
    const members =
      room?.place === "group" ? room.members.map(({ person }) => person.userName).join(";") : null;
    const known = alias === undefined ? "" : `<alias>${escaped(alias)}</alias>`;
    const head = `<HeadImgUrl>https://wx.qlogo.cn/mmhead/${md5(userName)}/0</HeadImgUrl>`;
    beside.run(userName, remark, members, `${known}${head}`);
  }
}
