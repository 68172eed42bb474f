import type { AlarmingKind } from "@keepsake/core/protocol";
import type { Language, Message } from "./channel.ts";

/** What happened, in a few words. */
interface Words {
  readonly en: string;
  /** In English in 20 letters, which is what a variable of an SMS template takes; Chinese is as short by itself. */
  readonly short: string;
  readonly zh: string;
}

/** What members are told of by mail and SMS: the kinds of events that have a line here. */
const happened = {
  "logged-in": { en: "A new device logged in", short: "New device logged in", zh: "有新设备登录" },
  "password-changed": { en: "Your password was changed", short: "Password changed", zh: "登录密码已更改" },
  "contact-added": { en: "A contact was added", short: "Contact added", zh: "已添加联系方式" },
  "contact-removed": { en: "A contact was removed", short: "Contact removed", zh: "已移除联系方式" },
  "reset-begun": { en: "A password reset was begun", short: "Password reset begun", zh: "有人开始重设密码" },
  "reset-cancelled": { en: "A password reset was cancelled", short: "Reset cancelled", zh: "重设密码已取消" },
  "reset-ended": { en: "A password reset is complete", short: "Reset complete", zh: "重设密码已完成" },
  "access-key-added": {
    en: "A recovery key was registered",
    short: "Recovery key added",
    zh: "已登记恢复密钥",
  },
  "access-key-removed": {
    en: "A recovery key was taken off",
    short: "Recovery key removed",
    zh: "已移除恢复密钥",
  },
  "approval-on": {
    en: "Approval of new devices was turned on",
    short: "Device approval on",
    zh: "已开启新设备确认",
  },
  "approval-off": {
    en: "Approval of new devices was turned off",
    short: "Device approval off",
    zh: "已关闭新设备确认",
  },
  "guard-set": { en: "The password of a vault was set", short: "Vault password set", zh: "已设置保险库密码" },
  "guard-removed": {
    en: "The password of a vault was removed",
    short: "Vault password off",
    zh: "已移除保险库密码",
  },
  "passkey-added": { en: "A passkey was added", short: "Passkey added", zh: "已添加通行密钥" },
  "passkey-removed": { en: "A passkey was removed", short: "Passkey removed", zh: "已移除通行密钥" },
  "totp-on": { en: "A second factor was turned on", short: "Second factor on", zh: "已开启两步验证" },
  "totp-off": { en: "The second factor was turned off", short: "Second factor off", zh: "已关闭两步验证" },
  "device-approved": { en: "A new device was approved", short: "Device approved", zh: "新设备已获确认" },
  enrolled: { en: "A new device was let in", short: "Device let in", zh: "已允许新设备加入" },
  "family-started": {
    en: "Family asks for your vault",
    short: "Family asks access",
    zh: "家人申请打开保险库",
  },
  "family-notice": { en: "Family waits for your vault", short: "Family waits", zh: "家人正等待打开保险库" },
  "family-released": {
    en: "Family may open your vault",
    short: "Family may open it",
    zh: "家人已可打开保险库",
  },
  "room-80": { en: "Your room is 80 % full", short: "Room is 80 % full", zh: "空间已用 80%" },
  "room-95": { en: "Your room is 95 % full", short: "Room is 95 % full", zh: "空间已用 95%" },
  "room-refused": {
    en: "Your room is full: a backup was refused",
    short: "Room is full",
    zh: "空间已满，备份被拒绝",
  },
  "lapse-soon": { en: "Your paid time ends soon", short: "Paid time ends soon", zh: "付费时间即将结束" },
  "lapse-begun": { en: "Your paid time is over", short: "Paid time is over", zh: "付费时间已结束" },
  "lapse-notice": {
    en: "More is stored than your room holds",
    short: "Room is not paid for",
    zh: "已存内容超出空间",
  },
  "lapse-last": {
    en: "What is above your room is removed soon",
    short: "Removal comes soon",
    zh: "超出空间的内容即将移除",
  },
  "lapse-removed": {
    en: "What was above your room is in the trash",
    short: "Moved to the trash",
    zh: "超出空间的内容已入回收站",
  },
  "lapse-deleted": {
    en: "What was above your room is deleted",
    short: "Deleted for good",
    zh: "超出空间的内容已删除",
  },
  "idle-set": {
    en: "When an unused membership ends was set",
    short: "Unused rule was set",
    zh: "已设置闲置注销期限",
  },
  "idle-soon": {
    en: "Your unused membership ends soon",
    short: "Unused, ends soon",
    zh: "闲置账户即将注销",
  },
  "closing-begun": {
    en: "Your membership is being ended",
    short: "Membership ending",
    zh: "正在注销你的成员身份",
  },
  "closing-notice": {
    en: "Your membership ends soon",
    short: "Membership ends soon",
    zh: "你的成员身份即将注销",
  },
  "closing-cancelled": {
    en: "Your membership goes on",
    short: "Membership goes on",
    zh: "已取消注销成员身份",
  },
  "guard-asked": { en: "Vault password was tried", short: "Password was tried", zh: "有人尝试保险库密码" },
} as const satisfies Readonly<Record<AlarmingKind, Words>>;

/** What is told to who is no member's device: codes, and that there is no need for one. */
const others = {
  code: { en: "Your code", short: "Your code", zh: "你的验证码" },
  "reset-code": { en: "Your code for a new password", short: "Your code", zh: "重设密码的验证码" },
  closed: { en: "Your membership has ended", short: "Membership has ended", zh: "成员身份已注销" },
  already: { en: "This contact is in use already", short: "Contact is in use", zh: "此联系方式已在使用" },
} as const satisfies Readonly<Record<string, Words>>;

type MessageName = keyof typeof happened | keyof typeof others;

/** All messages that there are. */
export const messageNames: readonly string[] = [...Object.keys(happened), ...Object.keys(others)];

/** Whether contacts are told of events of a kind. */
export function isTold(kind: string): kind is keyof typeof happened {
  return Object.hasOwn(happened, kind);
}

/** The message of a notice, without any link: nothing in a mail of ours is to be clicked. Undefined for an unknown name. */
export function messageOf(
  notice: { readonly id: string; readonly message: string; readonly language: string },
  code: string,
  atMs: number,
): Message | undefined {
  const language: Language = notice.language === "zh" ? "zh" : "en";
  const name = notice.message as MessageName;
  const words: Words | undefined = isTold(name) ? happened[name] : others[name];
  if (words === undefined) return undefined;
  const what = words[language];
  return {
    id: notice.id,
    template: isCode(name) ? "code" : "notice",
    value: isCode(name) ? code : language === "zh" ? words.zh : words.short,
    subject: `Keepsake: ${what}`,
    text: textOf(name, language, { code, what, time: timeText(atMs) }),
  };
}

function textOf(
  name: MessageName,
  language: Language,
  { code, what, time }: { readonly code: string; readonly what: string; readonly time: string },
): string {
  if (name === "closed") return closedText[language](code);
  const paid = paidText[language][name];
  if (paid !== undefined) return `${what}${language === "zh" ? "。" : "."}\n\n${paid}\n`;
  return isCode(name) ? codeText[language](name, code) : noticeText[language](name, what, time);
}

/** What happens when nobody pays any more, and what still works. */
const paidText: Readonly<Record<Language, Readonly<Partial<Record<MessageName, string>>>>> = {
  en: {
    "lapse-soon":
      "Nothing is deleted then. Reading, searching, restoring and exporting go on as before; only storing more than your own room stops. Open Keepsake to see until when it is paid for.",
    "lapse-begun":
      "Nothing is deleted. Reading, searching, restoring and exporting go on as before, for at least half a year; storing more than your own room waits until it is paid for again.",
    "lapse-notice":
      "Nothing is deleted now. You can restore or export all of it free of charge, or pay again. Open Keepsake to see what is stored and how many days are left.",
    "lapse-last":
      "Files of the oldest weeks will be put into the trash until the rest fits your own room; your messages stay. To keep everything, open Keepsake on a device: export it, or pay again. Who is reading or restoring has more time.",
    "lapse-removed":
      "Files of the oldest weeks lie in the trash now, for at least 30 days. Paying again brings all of it back by itself; so does taking it out of the trash. Your messages stayed where they are.",
    "lapse-deleted":
      "Files that lay in the trash were deleted. The server's signed receipt is in Keepsake. Your messages stayed where they are.",
    "idle-soon":
      "None of your devices was here for as long as you set. Open Keepsake on any of them, and nothing happens. Otherwise the membership begins to end, and you are told each day for a week.",
  },
  zh: {
    "lapse-soon":
      "届时不会删除任何内容。阅读、搜索、恢复和导出照常可用，只是不能再存入超出免费空间的内容。请打开 Keepsake 查看付费截止日期。",
    "lapse-begun": "没有删除任何内容。至少半年内，阅读、搜索、恢复和导出照常可用；重新付费后即可继续存入。",
    "lapse-notice":
      "目前没有删除任何内容。你可以免费恢复或导出全部内容，也可以重新付费。请打开 Keepsake 查看已存内容和剩余天数。",
    "lapse-last":
      "最早几周的文件将移入回收站，直到其余内容不超出免费空间；消息会保留。如需保留全部内容，请在任一设备上打开 Keepsake 导出，或重新付费。正在阅读或恢复时会自动延期。",
    "lapse-removed":
      "最早几周的文件已移入回收站，至少保留 30 天。重新付费会自动全部恢复，也可以自行从回收站取回。消息没有变动。",
    "lapse-deleted": "回收站中的这些文件已删除，服务器签名的回执可在 Keepsake 中查看。消息没有变动。",
    "idle-soon":
      "你的设备已很久没有使用，达到你设置的期限。在任一设备上打开 Keepsake 即可取消；否则将开始注销成员身份，一周内每天提醒你。",
  },
};

function isCode(name: MessageName): name is "code" | "reset-code" {
  return name === "code" || name === "reset-code";
}

const codeText: Readonly<Record<Language, (name: MessageName, code: string) => string>> = {
  en: (name, code) =>
    `${code} is your Keepsake code${name === "reset-code" ? " to set a new password" : ""}. It is good for 10 minutes.\n\nGive it to nobody: we never ask for it. If you did not ask for a code, leave this alone: without it nothing happens.\n`,
  zh: (name, code) =>
    `${code} 是你的 Keepsake ${name === "reset-code" ? "重设密码" : ""}验证码，10 分钟内有效。\n\n请勿告诉任何人，我们不会向你索要。若非本人操作，请忽略此消息，不会有任何改变。\n`,
};

/** The last that is told: the server's word for what is gone, to be kept. */
const closedText: Readonly<Record<Language, (receipt: string) => string>> = {
  en: (receipt) =>
    `Your membership and all that it held are gone from this server. This is the server's signed receipt. Keep it in a file; keepsake close --receipt FILE checks it.\n\n${receipt}\n`,
  zh: (receipt) =>
    `你的成员身份及其保存的全部内容已从此服务器删除。以下是服务器签名的删除回执，请存为文件；可用 keepsake close --receipt 文件 校验。\n\n${receipt}\n`,
};

const noticeText: Readonly<Record<Language, (name: MessageName, what: string, time: string) => string>> = {
  en: (name, what, time) =>
    name === "already"
      ? "Somebody began to sign up with this contact, which belongs to a member already. If it was you, log in with it. If not, there is nothing to do.\n"
      : `${what}, at ${time}.\n\nIf it was you, there is nothing to do. If not, open Keepsake on one of your devices: it shows what happened and which devices are logged in, and there you can put it right.\n`,
  zh: (name, what, time) =>
    name === "already"
      ? "有人用此联系方式注册，但它已属于一位成员。如果是你，请直接用它登录；如果不是，无需任何操作。\n"
      : `${what}，时间：${time}。\n\n如果是你本人操作，无需处理。如果不是，请在你的任一设备上打开 Keepsake，查看发生的事件和已登录的设备，并在那里处理。\n`,
};

function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
