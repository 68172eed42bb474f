import type { MemberEventKind } from "./events.ts";

/** What happened, in both languages. */
export interface EventText {
  readonly en: string;
  readonly zh: string;
}

const kinds: Readonly<Record<MemberEventKind, EventText>> = {
  "signed-up": { en: "signed up", zh: "注册" },
  "logged-in": { en: "logged in", zh: "登录" },
  "logged-out": { en: "logged a device out", zh: "让设备退出登录" },
  "password-changed": { en: "changed the login password", zh: "更改登录密码" },
  "contact-added": { en: "added a contact", zh: "添加联系方式" },
  "contact-removed": { en: "removed a contact", zh: "移除联系方式" },
  "reset-begun": { en: "began to reset the login password", zh: "开始重设登录密码" },
  "reset-cancelled": { en: "took the reset of the login password back", zh: "取消重设登录密码" },
  "reset-ended": { en: "the reset of the login password took full effect", zh: "登录密码重设完全生效" },
  "access-key-added": { en: "added a key that lifts the limit of a login", zh: "添加解除登录限制的密钥" },
  "access-key-removed": { en: "removed a key that lifts the limit of a login", zh: "移除解除登录限制的密钥" },
  "approval-on": { en: "new devices have to be approved from now on", zh: "开启新设备确认" },
  "approval-off": { en: "new devices need no approval any more", zh: "关闭新设备确认" },
  "device-approved": { en: "approved a new device", zh: "确认一台新设备" },
  "totp-on": { en: "turned the second factor on", zh: "开启两步验证" },
  "totp-off": { en: "turned the second factor off", zh: "关闭两步验证" },
  "passkey-added": { en: "added a passkey", zh: "添加通行密钥" },
  "passkey-removed": { en: "removed a passkey", zh: "移除通行密钥" },
  "guard-set": { en: "set a password that guards limit", zh: "设置受守护的密码" },
  "guard-asked": { en: "guessed at the guarded password", zh: "尝试受守护的密码" },
  "guard-removed": { en: "removed a guarded password", zh: "移除受守护的密码" },
  "family-set": { en: "asked somebody of the family for help", zh: "设置家人协助" },
  "family-removed": { en: "ended the help of the family", zh: "取消家人协助" },
  "family-started": {
    en: "a helper asks to open the vault: the wait begins",
    zh: "协助人请求打开保险库，等待期开始",
  },
  "family-notice": { en: "a helper waits to open the vault", zh: "协助人正在等待打开保险库" },
  "family-vetoed": { en: "said no to the helper", zh: "拒绝了协助人" },
  "family-released": { en: "the wait of the helper is over", zh: "协助人的等待期已满" },
  "enrol-approved": { en: "let a new device in", zh: "同意新设备加入" },
  enrolled: { en: "a new device came in", zh: "新设备已加入" },
  "vault-made": { en: "made a vault", zh: "新建保险库" },
  "head-stored": { en: "stored a version", zh: "存入一个版本" },
  "object-removed": { en: "removed an object", zh: "删除一个对象" },
  "object-restored": { en: "took objects out of the trash", zh: "从回收站恢复" },
  "closing-begun": { en: "began to end the membership", zh: "开始注销成员身份" },
  "closing-notice": { en: "the membership ends soon", zh: "成员身份即将注销" },
  "closing-cancelled": { en: "took the end of the membership back", zh: "取消注销成员身份" },
  "room-80": { en: "room is 80 % full", zh: "空间已用 80%" },
  "room-95": { en: "room is 95 % full", zh: "空间已用 95%" },
  "room-refused": { en: "room is full: something was refused", zh: "空间已满，有内容被拒绝" },
  "lapse-soon": { en: "the paid time ends soon", zh: "付费时间即将结束" },
  "lapse-begun": { en: "the paid time is over; nothing is deleted", zh: "付费时间已结束，没有删除任何内容" },
  "lapse-notice": {
    en: "more is stored than there is room for without paying",
    zh: "已存内容超出免费空间",
  },
  "lapse-last": {
    en: "what is above the free room will be removed soon",
    zh: "超出免费空间的内容即将移除",
  },
  "lapse-removed": {
    en: "what was above the free room lies in the trash",
    zh: "超出免费空间的内容已移入回收站",
  },
  "lapse-deleted": {
    en: "what was above the free room is deleted for good",
    zh: "超出免费空间的内容已永久删除",
  },
  "idle-set": {
    en: "set after how long without a device the membership ends",
    zh: "设置长期不用时自动注销的期限",
  },
  "idle-soon": {
    en: "no device was here for long: the membership ends soon, as was set",
    zh: "长期没有设备使用：将按设置注销成员身份",
  },
  "quota-set": { en: "set a quota", zh: "设置可用空间" },
};

/** What happened, in words; undefined for a kind that only a newer server knows. */
export function eventText(kind: string): EventText | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind as MemberEventKind] : undefined;
}
