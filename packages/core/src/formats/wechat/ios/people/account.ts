import { md5 } from "@noble/hashes/legacy.js";
import { bytesToHex, textToBytes, type Bytes } from "../../../../base/index.ts";
import type { AppleBackup } from "../../../../apple/index.ts";
import { readKeyedArchive, wholeFile } from "../../../../apple/index.ts";
import { readMmkv } from "./mmkv.ts";
import { protoFields, protoText } from "./protobuf.ts";

/** WeChat's own domain in an Apple backup, and the one that it shares with its extensions. */
export const appDomain: string = "AppDomain-com.tencent.xin";
export const groupDomain: string = "AppDomainGroup-group.com.tencent.xin";

const SMALL_FILE_BYTES = 16 * 1024 * 1024;

/** One of the accounts that were used on the phone. */
export interface PhoneAccount {
  /** Its folder: the MD5 of its user name. */
  readonly folder: string;
  /** Undefined where nothing in the backup gives it away. */
  readonly userName?: string | undefined;
  readonly nickname?: string | undefined;
  readonly alias?: string | undefined;
}

/** How WeChat names folders and tables after user names. */
export function md5Of(text: string): string {
  return bytesToHex(md5(textToBytes(text)));
}

const databasePath = /^Documents\/([0-9a-f]{32})\/DB\/(?:MM|message_[0-9]{1,4})\.sqlite$/;
const mappedSettings = /^Documents\/MMappedKV\/mmsetting\.archive\.([^/]+)(?<!\.crc)$/;
/** Stands where nobody is logged in. */
const nobody = "0".repeat(32);

/** The accounts that have messages in the backup, in order of their folders. */
export async function phoneAccounts(backup: AppleBackup): Promise<PhoneAccount[]> {
  const folders = new Set<string>();
  const users = await loggedIn(backup);
  const settings: string[] = [];
  for await (const { path } of backup.within(appDomain, "Documents/")) {
    const folder = databasePath.exec(path)?.[1];
    if (folder !== undefined && folder !== nobody) folders.add(folder);
    if (mappedSettings.test(path)) settings.push(path);
  }
  for (const path of settings) {
    const named = await mappedSettingsOf(backup, path);
    users.set(md5Of(named.userName), { ...users.get(md5Of(named.userName)), ...named });
  }
  const accounts: PhoneAccount[] = [];
  for (const folder of [...folders].sort()) {
    const known = users.get(folder) ?? {};
    accounts.push({ folder, ...known, ...(await settingsOf(backup, folder)) });
  }
  return accounts;
}

type Named = Omit<PhoneAccount, "folder">;

/** Those that `LoginInfo2.dat` lists, by their folders. */
async function loggedIn(backup: AppleBackup): Promise<Map<string, Named>> {
  const users = new Map<string, Named>();
  const bytes = await smallFile(backup, "Documents/LoginInfo2.dat");
  for (const { number, value } of bytes === undefined ? [] : protoFields(bytes)) {
    if (number !== 1 || typeof value === "bigint") continue;
    const fields = protoFields(value);
    const userName = protoText(fields, 1);
    if (userName === undefined) continue;
    users.set(md5Of(userName), { userName, alias: protoText(fields, 2), nickname: protoText(fields, 3) });
  }
  return users;
}

/** What the settings of an account say that later versions keep, beside the user name in their own name. */
async function mappedSettingsOf(backup: AppleBackup, path: string): Promise<Named & { userName: string }> {
  const userName = mappedSettings.exec(path)![1]!;
  const bytes = await smallFile(backup, path);
  if (bytes === undefined) return { userName };
  const texts = readMmkv(bytes, await smallFile(backup, `${path}.crc`));
  if ((texts.get(mappedKeys.userName) ?? userName) !== userName) return { userName };
  const [nickname, alias] = [texts.get(mappedKeys.nickname), texts.get(mappedKeys.alias)];
  return { userName, ...(nickname && { nickname }), ...(alias && { alias }) };
}

const mappedKeys = { userName: "86", alias: "87", nickname: "88" };

/** What the account's settings say; nothing where they are broken, or of another account. */
async function settingsOf(backup: AppleBackup, folder: string): Promise<Named> {
  const bytes = await smallFile(backup, `Documents/${folder}/mmsetting.archive`);
  if (bytes === undefined) return {};
  try {
    const settings = readKeyedArchive(bytes);
    if (!(settings instanceof Map)) return {};
    const text = (key: string): string | undefined => {
      const value: unknown = settings.get(key);
      return typeof value === "string" && value !== "" ? value : undefined;
    };
    const userName = text("UsrName");
    if (userName === undefined || md5Of(userName) !== folder) return {};
    const [nickname, alias] = [text("NickName"), text("AliasName")];
    return { userName, ...(nickname !== undefined && { nickname }), ...(alias !== undefined && { alias }) };
  } catch {
    return {};
  }
}

async function smallFile(backup: AppleBackup, path: string): Promise<Bytes | undefined> {
  const file = await backup.file(appDomain, path);
  return file === undefined || file.sizeBytes > SMALL_FILE_BYTES
    ? undefined
    : wholeFile(file, SMALL_FILE_BYTES);
}
