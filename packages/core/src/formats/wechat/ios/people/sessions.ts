import { wholeFile, type AppleBackup } from "../../../../apple/index.ts";
import { appDomain, md5Of } from "./account.ts";
import type { Contact } from "./contacts.ts";
import { protoBytes, protoFields, protoText, type ProtoField } from "./protobuf.ts";

const MOST_BYTES = 1024 * 1024;
/** Fields of a session's cell, and of the person in it. */
const CELL = 1;
const PERSON = 1;
const person = { userName: 1, nickname: 4, remark: 6 } as const;

/** What the list of sessions shows of somebody whom no list of contacts names. */
export async function sessionContact(
  backup: AppleBackup,
  folder: string,
  userName: string,
): Promise<Contact | undefined> {
  const hash = md5Of(userName);
  const path = `Documents/${folder}/session/data/${hash.slice(0, 2)}/${hash.slice(2)}`;
  const file = await backup.file(appDomain, path);
  if (file === undefined || file.sizeBytes > MOST_BYTES) return undefined;
  const bytes = await wholeFile(file, MOST_BYTES).catch(() => undefined);
  const about = inside(inside(bytes === undefined ? [] : protoFields(bytes), CELL), PERSON);
  if (protoText(about, person.userName) !== userName) return undefined;
  return { userName, nickname: protoText(about, person.nickname), remark: protoText(about, person.remark) };
}

function inside(fields: readonly ProtoField[], number: number): readonly ProtoField[] {
  const bytes = protoBytes(fields, number);
  return bytes === undefined ? [] : protoFields(bytes);
}
