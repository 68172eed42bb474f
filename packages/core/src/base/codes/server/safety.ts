import type { CodeEntry } from "../entry.ts";

/** Codes of what keeps a membership its member's: contacts, codes, second factors. */
export type SafetyCode =
  | "member.wrong-code"
  | "member.bad-access"
  | "member.totp-needed"
  | "member.no-passkeys"
  | "member.bad-passkey"
  | "member.passkey-needed"
  | "member.totp-on"
  | "member.too-many-contacts"
  | "member.too-many-keys"
  | "notice.no-channel"
  | "notice.not-sent";

export const safetyCodes: Readonly<Record<SafetyCode, CodeEntry>> = {
  "member.wrong-code": {
    en: "This code is wrong, used already or past its time. Look at it again, or ask for a new one.",
    zh: "验证码不正确、已使用或已过期。请核对，或重新获取。",
    exit: 12,
    http: 403,
  },
  "member.too-many-contacts": {
    en: "You have as many contacts as a member may have. Remove one first.",
    zh: "你的联系方式已达上限。请先移除一个。",
    exit: 13,
    http: 409,
  },
  "member.too-many-keys": {
    en: "You have as many keys of this kind as a member may have. Remove one first.",
    zh: "此类密钥已达上限。请先移除一个。",
    exit: 13,
    http: 409,
  },
  "member.bad-access": {
    en: "These words or this device do not show that you can open this member's vault. Check the words, or wait for the day that is named.",
    zh: "这些口令或此设备无法证明你能打开该成员的保险库。请检查口令，或等到所示日期。",
    exit: 12,
    http: 403,
  },
  "member.no-passkeys": {
    en: "This server takes no passkeys: its operator has not set its public address. Log in by password.",
    zh: "本服务器不支持通行密钥：管理员未设置公开地址。请用密码登录。",
    exit: 13,
    http: 409,
  },
  "member.bad-passkey": {
    en: "This passkey is unknown here, or was not made for this server. Take another, or log in by password.",
    zh: "该通行密钥在此未登记，或不属于本服务器。请使用其他通行密钥，或用密码登录。",
    exit: 12,
    http: 401,
  },
  "member.passkey-needed": {
    en: "This member has a passkey. Log in with it and approve this device from there, or wait for the day that is named.",
    zh: "该成员设有通行密钥。请用它登录后确认此设备，或等到所示日期。",
    exit: 12,
    http: 403,
  },
  "member.totp-needed": {
    en: "This member has a second factor. Give the code that your authenticator app shows.",
    zh: "该成员已开启两步验证。请输入验证器应用显示的验证码。",
    exit: 12,
    http: 401,
  },
  "member.totp-on": {
    en: "The second factor is on already. Turn it off first to set up another app.",
    zh: "两步验证已经开启。如需更换应用，请先关闭。",
    exit: 13,
    http: 409,
  },
  "notice.no-channel": {
    en: "This server sends no messages of this kind: its operator has not set it up. Take another contact, or none.",
    zh: "本服务器未开通此类消息的发送。请使用其他联系方式，或不设置。",
    exit: 13,
    http: 409,
  },
  "notice.not-sent": {
    en: "A message could not be sent. The server tries again by itself where that may help.",
    zh: "消息未能发送。若有可能成功，服务器会自动重试。",
    exit: 5,
    http: 503,
  },
};
