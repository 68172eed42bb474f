import type { Bytes, Finding } from "../../../base/index.ts";
import { limits, type Account, type AccountName } from "../../../model/index.ts";
import type { SqliteDatabase } from "../../../sqlite/index.ts";
import { accountOf, isGroup } from "../content/index.ts";
import { all, at, attribute, textAt } from "../content/xml/look.ts";
import { parseXml } from "../content/xml/parse.ts";
import { rowsOf } from "./databases.ts";
import { protoFields, protoText } from "./protobuf.ts";

/** Somebody, or a group, that the account knows. */
export interface Contact {
  readonly userName: string;
  readonly nickname?: string | undefined;
  readonly alias?: string | undefined;
  /** The name that the owner gave. */
  readonly remark?: string | undefined;
  /** Who was in the group when the phone looked last. */
  readonly members?: readonly GroupMember[] | undefined;
}

interface GroupMember {
  readonly userName: string;
  /** The name that the member has in this group. */
  readonly card?: string | undefined;
}

const COLUMNS = ["userName", "dbContactRemark", "dbContactChatRoom"];
/** The field of a group's record that holds its XML. */
const ROOM_DATA = 6;

/** Everybody in the contact database, by user name. Fields that cannot be read are absent, and so is what lies beyond damage. */
export async function readContacts(
  database: SqliteDatabase | undefined,
  onFinding: (finding: Finding) => void,
): Promise<Map<string, Contact>> {
  const contacts = new Map<string, Contact>();
  for (const table of ["Friend", "OpenIMContact"]) {
    if (database?.tables.includes(table) !== true) continue;
    for await (const rows of rowsOf(database, { table, columns: COLUMNS }, { name: "contacts", onFinding }))
      for (const [userName, about, room] of rows) {
        if (typeof userName !== "string" || userName === "") continue;
        const fields = about instanceof Uint8Array ? protoFields(about) : [];
        const [nickname, alias, remark] = [1, 2, 3].map((number) => protoText(fields, number));
        const members = room instanceof Uint8Array && isGroup(userName) ? membersIn(room) : undefined;
        contacts.set(userName, { userName, nickname, alias, remark, members });
      }
  }
  return contacts;
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

/** The account of a user name, with what is known of it. */
export function accountFrom(userName: string, contact: Contact | undefined): Account {
  const id = accountOf(userName);
  const names: AccountName[] = [];
  if (contact?.remark !== undefined) names.push({ value: contact.remark, kind: "remark" });
  if (contact?.nickname !== undefined) names.push({ value: contact.nickname, kind: "display" });
  if (contact?.alias !== undefined) names.push({ value: contact.alias, kind: "handle" });
  const kind = isGroup(userName) ? "group" : "wxid";
  return { id, platform: "wechat", kind, value: userName, ...(names.length > 0 && { names }) };
}

export function shownName(contact: Contact | undefined): string | undefined {
  return contact?.remark ?? contact?.nickname ?? contact?.alias;
}
