import type { SqliteDatabase } from "../../../sqlite/index.ts";
import type { Account, AccountName } from "../../../model/index.ts";
import { accountOf } from "../content/index.ts";
import { protoFields, protoText } from "./protobuf.ts";

/** Somebody, or a group, that the account knows. */
export interface Contact {
  readonly userName: string;
  readonly nickname?: string | undefined;
  readonly alias?: string | undefined;
  /** The name that the owner gave. */
  readonly remark?: string | undefined;
}

/** Everybody in the contact database, by user name. Fields that cannot be read are absent. */
export async function readContacts(database: SqliteDatabase | undefined): Promise<Map<string, Contact>> {
  const contacts = new Map<string, Contact>();
  for (const table of ["Friend", "OpenIMContact"]) {
    if (database?.tables.includes(table) !== true) continue;
    for await (const rows of database.select({ table, columns: ["userName", "dbContactRemark"] }))
      for (const [userName, about] of rows) {
        if (typeof userName !== "string" || userName === "") continue;
        const fields = about instanceof Uint8Array ? protoFields(about) : [];
        const [nickname, alias, remark] = [1, 2, 3].map((number) => protoText(fields, number));
        contacts.set(userName, { userName, nickname, alias, remark });
      }
  }
  return contacts;
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

export function isGroup(userName: string): boolean {
  return /@(?:im\.)?chatroom$/.test(userName);
}

export function shownName(contact: Contact | undefined): string | undefined {
  return contact?.remark ?? contact?.nickname ?? contact?.alias;
}
