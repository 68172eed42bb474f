import type { Bytes, Finding } from "../../../../base/index.ts";
import { limits, type Account, type AccountName } from "../../../../model/index.ts";
import type { SqliteDatabase, SqliteRow, SqliteSelect } from "../../../../sqlite/index.ts";
import { accountOf, isGroup } from "../../content/index.ts";
import { all, at, attribute, textAt } from "../../content/xml/look.ts";
import { parseXml } from "../../content/xml/parse.ts";
import { rowsOf, type ContactDatabases } from "../databases.ts";
import { protoFields, protoText } from "./protobuf.ts";

/** Somebody, or a group, that the account knows. */
export interface Contact {
  readonly userName: string;
  readonly nickname?: string | undefined;
  readonly alias?: string | undefined;
  /** The name that the owner gave. */
  readonly remark?: string | undefined;
  /** Numbers of the owner's labels. */
  readonly labels?: readonly string[] | undefined;
  /** Who was in the group when the phone looked last. */
  readonly members?: readonly GroupMember[] | undefined;
}

interface GroupMember {
  readonly userName: string;
  /** The name that the member has in this group. */
  readonly card?: string | undefined;
}

/** The field of a group's record that holds its XML, and the one of a person's names that lists labels. */
const ROOM_DATA = 6;
const LABELS = 8;

type OnFinding = (finding: Finding) => void;

/**
 * Everybody whose user name the account's databases know, by it. Fields that cannot be read are absent, and so is what
 * lies beyond damage.
 */
export async function readContacts(
  { current, older, sessions }: ContactDatabases,
  onFinding: OnFinding,
): Promise<Map<string, Contact>> {
  const contacts = new Map<string, Contact>();
  const rows = (database: SqliteDatabase | undefined, table: string, columns: readonly string[]) =>
    allRows(database, { table, columns }, onFinding);
  const about = new Map<string, SqliteRow>();
  for await (const row of rows(older, "Friend_Ext", ["UsrName", "ConRemark", "ConChatRoomMem", "ConStrRes2"]))
    if (typeof row[0] === "string") about.set(row[0], row);
  for await (const [userName, nickname] of rows(older, "Friend", ["UsrName", "NickName"]))
    if (isName(userName)) contacts.set(userName, olderContact(userName, nickname, about.get(userName)));
  for (const table of ["Friend", "OpenIMContact"])
    for await (const row of rows(current, table, ["userName", "dbContactRemark", "dbContactChatRoom"]))
      if (isName(row[0])) contacts.set(row[0], currentContact(row[0], row));
  for await (const userName of sessionNames(sessions, onFinding))
    if (!contacts.has(userName)) contacts.set(userName, { userName });
  return contacts;
}

/** Whom the lists of sessions name. */
async function* sessionNames(
  databases: readonly SqliteDatabase[],
  onFinding: OnFinding,
): AsyncGenerator<string> {
  const tables = { SessionAbstract: "UsrName", SessionTable: "sessionId" };
  for (const database of databases)
    for (const [table, column] of Object.entries(tables))
      for await (const [userName] of allRows(database, { table, columns: [column] }, onFinding))
        if (isName(userName)) yield userName;
}

async function* allRows(
  database: SqliteDatabase | undefined,
  select: SqliteSelect,
  onFinding: OnFinding,
): AsyncGenerator<SqliteRow> {
  if (database?.tables.includes(select.table) !== true) return;
  for await (const rows of rowsOf(database, select, { name: "contacts", onFinding })) yield* rows;
}

function isName(value: SqliteRow[number] | undefined): value is string {
  return typeof value === "string" && value !== "";
}

function currentContact(userName: string, [, about, room]: SqliteRow): Contact {
  const fields = about instanceof Uint8Array ? protoFields(about) : [];
  const [nickname, alias, remark] = [1, 2, 3].map((number) => protoText(fields, number));
  const members = room instanceof Uint8Array && isGroup(userName) ? membersIn(room) : undefined;
  const labels = protoText(fields, LABELS)
    ?.split(",")
    .filter((label) => label !== "");
  return { userName, nickname, alias, remark, labels, members };
}

/** As versions had it that kept contacts in columns. */
function olderContact(
  userName: string,
  nickname: SqliteRow[number] | undefined,
  [, remark, room, further]: SqliteRow = [],
): Contact {
  const named = isName(room) && isGroup(userName) ? room.split(";").filter((name) => name !== "") : [];
  return {
    userName,
    nickname: isName(nickname) ? nickname : undefined,
    alias: isName(further) ? textAt(parseXml(further).root, "alias") : undefined,
    remark: isName(remark) ? remark : undefined,
    members:
      named.length === 0
        ? undefined
        : named.slice(0, limits.listLength).map((member) => ({ userName: member })),
  };
}

/** The members that a group's own XML names. */
function membersIn(room: Bytes): GroupMember[] | undefined {
  const xml = protoText(protoFields(room), ROOM_DATA);
  const data = xml === undefined ? undefined : at(parseXml(xml).root, "RoomData");
  const members = all(data, "Member").flatMap((member): GroupMember[] => {
    const userName = attribute(member, "UserName");
    return userName === undefined ? [] : [{ userName, card: textAt(member, "DisplayName") }];
  });
  return members.length === 0 ? undefined : members.slice(0, limits.listLength);
}

/** The account of a user name, with what is known of it; `labels` are the owner's words, by number. */
export function accountFrom(
  userName: string,
  contact: Contact | undefined,
  labels: ReadonlyMap<string, string> = new Map(),
): Account {
  const id = accountOf(userName);
  const names = contact === undefined ? [] : namesOf(contact);
  const kind = isGroup(userName) ? "group" : "wxid";
  const filed = (contact?.labels ?? []).flatMap((number) => labels.get(number) ?? []);
  return {
    id,
    platform: "wechat",
    kind,
    value: userName,
    ...(names.length > 0 && { names }),
    ...(filed.length > 0 && { labels: filed }),
  };
}

function namesOf({ remark, nickname, alias }: Contact): AccountName[] {
  const names: readonly (readonly [AccountName["kind"], string | undefined])[] = [
    ["remark", remark],
    ["display", nickname],
    ["handle", alias],
  ];
  return names.flatMap(([kind, value]) => (value === undefined ? [] : [{ value, kind }]));
}

export function shownName(contact: Contact | undefined): string | undefined {
  return contact?.remark ?? contact?.nickname ?? contact?.alias;
}
