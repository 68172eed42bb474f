import { concatBytes, textToBytes, type Bytes } from "../../../src/base/index.ts";
import type { Plist } from "../../../src/apple/plist.ts";
import type { PhoneFile } from "../../apple/backup.ts";
import { writeKeyedArchive } from "../../apple/plist.ts";
import { mmkvFiles, protoField } from "../encode.ts";
import { md5 } from "../names.ts";
import type { AccountPlan, ChatPlan, Person, PhonePlan } from "../plan.ts";

/** WeChat's own domain, and the one that it shares with its extensions. */
export const appDomain: string = "AppDomain-com.tencent.xin";
export const groupDomain: string = "AppDomainGroup-group.com.tencent.xin";

/** Who is logged in, what their settings say, and the pictures of those they talk with. */
export function* settingFiles(plan: PhonePlan): Generator<PhoneFile> {
  const logins = plan.accounts.map(({ own }) => protoField(1, loginOf(own, plan)));
  yield file("Documents/LoginInfo2.dat", concatBytes(...logins));
  for (const account of plan.accounts) {
    yield* plan.generation.settings === "archive" ? [archive(account)] : mmkv(account.own);
    yield file(`Documents/${account.folder}/contactlabel.list`, labels());
    for (const chat of account.chats) yield* sessionFiles(account, chat);
  }
}

/** Later versions say there only who it is. */
function loginOf({ userName, alias = "", nickname = "" }: Person, { generation }: PhonePlan): Bytes {
  if (generation.settings === "mmkv") return protoField(1, userName);
  return concatBytes(protoField(1, userName), protoField(2, alias), protoField(3, nickname));
}

function archive({ folder, own: { userName, nickname = "", alias = "" } }: AccountPlan): PhoneFile {
  const settings = new Map<string, Plist>([
    ["UsrName", userName],
    ["NickName", nickname],
    ["AliasName", alias],
    ["new_dicsetting", new Map<string, Plist>([["headimgurl", "https://wx.qlogo.cn/mmhead/0"]])],
  ]);
  return file(`Documents/${folder}/mmsetting.archive`, writeKeyedArchive(settings, "MMSetting"));
}

/** As later versions keep them: what is written last counts. */
function mmkv({ userName, nickname = "", alias = "" }: Person): PhoneFile[] {
  const { content, checks } = mmkvFiles([
    ["88", "以前的名字"],
    ["86", userName],
    ["87", alias],
    ["88", nickname],
    ["headimgurl", "https://wx.qlogo.cn/mmhead/0"],
  ]);
  const path = `Documents/MMappedKV/mmsetting.archive.${userName}`;
  return [file(path, content), file(`${path}.crc`, checks)];
}

function labels(): Bytes {
  return writeKeyedArchive(
    new Map<string, Plist>([["18", new Map([["m_nsName", "同事"]])]]),
    "ContactLabels",
  );
}

/** What the list of sessions shows of a chat, and its picture. */
function* sessionFiles({ folder }: AccountPlan, chat: ChatPlan): Generator<PhoneFile> {
  const { person, naming, hasAvatar } = chat;
  const hash = md5(person.userName);
  if (naming !== "nobody") yield file(`Documents/${folder}/${sessionCell(chat)}`, cellOf(chat));
  if (hasAvatar)
    yield {
      domain: groupDomain,
      path: `share/${folder}/session/headImg/${hash}.pic`,
      content: avatarOf(person.userName),
    };
}

/** Where a session's own record lies. */
export function sessionCell({ person }: ChatPlan): string {
  const hash = md5(person.userName);
  return `session/data/${hash.slice(0, 2)}/${hash.slice(2)}`;
}

function cellOf({ person: { userName, nickname = "" } }: ChatPlan): Bytes {
  const contact = concatBytes(protoField(1, userName), protoField(4, nickname));
  return protoField(1, protoField(1, contact));
}

/** The picture of somebody. */
export function avatarOf(userName: string): Bytes {
  return concatBytes(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), textToBytes(`picture of ${userName}`));
}

function file(path: string, content: Bytes): PhoneFile {
  return { domain: appDomain, path, content };
}
