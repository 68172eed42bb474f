import type { CodeEntry } from "../entry.ts";

/** Codes of members of a server: signing up, logging in, what a session may do. */
export type MemberCode =
  | "member.no-session"
  | "member.bad-proof"
  | "member.limited"
  | "member.logged-in"
  | "member.not-operator"
  | "member.wrong-login"
  | "member.bad-invitation"
  | "member.taken"
  | "member.bad-name"
  | "member.bad-contact"
  | "member.over-quota"
  | "member.trash-full"
  | "member.unknown-vault"
  | "member.which-vault";

export const memberCodes: Readonly<Record<MemberCode, CodeEntry>> = {
  "member.no-session": {
    en: "This device is not logged in, or was logged out. Log in with `keepsake login`.",
    zh: "本设备未登录，或已退出登录。请用 `keepsake login` 登录。",
    exit: 12,
    http: 401,
  },
  "member.bad-proof": {
    en: "The request was not signed by the device that logged in, or its clock is wrong. Set the clock, then try again.",
    zh: "该请求不是由登录的设备签名，或设备时钟不准。请校准时钟后再试。",
    exit: 12,
    http: 401,
  },
  "member.limited": {
    en: "This login was made without one of your devices or your recovery words, so it can read and delete nothing until the day that is named. Approve it on another device (`keepsake devices ADDRESS --approve ID`), or give the recovery words (`keepsake access ADDRESS --prove words`).",
    zh: "这次登录没有经过你的其他设备或恢复口令确认，在所示日期之前不能读取或删除任何内容。请在其他设备上确认（`keepsake devices 地址 --approve 编号`），或输入恢复口令（`keepsake access 地址 --prove words`）。",
    exit: 13,
    http: 403,
  },
  "member.logged-in": {
    en: "This device is logged in, so nothing has to be reset: change the password with `keepsake login-password ADDRESS`.",
    zh: "本设备已登录，无需重设：请用 `keepsake login-password 地址` 更改登录密码。",
    exit: 13,
    http: 409,
  },
  "member.not-operator": {
    en: "Only the operator of this server may do this.",
    zh: "只有本服务器的管理员可以执行此操作。",
    exit: 13,
    http: 403,
  },
  "member.wrong-login": {
    en: "No member has this name with this password. Check both, then try again.",
    zh: "名称或密码不正确。请检查后再试。",
    exit: 12,
    http: 401,
  },
  "member.bad-invitation": {
    en: "This invitation is unknown, used up or past its time. Ask for a new one.",
    zh: "该邀请码不存在、已用完或已过期。请索取新的邀请码。",
    exit: 13,
    http: 403,
  },
  "member.taken": {
    en: "Somebody has this name already. Choose another.",
    zh: "这个名称已被使用。请换一个。",
    exit: 13,
    http: 409,
  },
  "member.bad-name": {
    en: "A login name has 2 to 100 characters, and no spaces. Choose another.",
    zh: "登录名须为 2 到 100 个字符，不能有空格。请换一个。",
    exit: 2,
    http: 400,
  },
  "member.bad-contact": {
    en: "This is not an e-mail address, or not a phone number with its country code, such as +86 138 0013 8000. Correct it.",
    zh: "这不是邮箱地址，或不是带国家代码的手机号，例如 +86 138 0013 8000。请改正。",
    exit: 2,
    http: 400,
  },
  "member.over-quota": {
    en: "There is no room left in your plan for this. Everything stored stays readable; ask the operator for more room, or leave something out.",
    zh: "你的空间不足以存入这些内容。已保存的都可以继续读取；请向管理员申请更多空间，或不保存部分内容。",
    exit: 6,
    http: 507,
  },
  "member.trash-full": {
    en: "So much was removed lately that what lies in the trash leaves no room for this. Wait until it is emptied, from the time that is named on, or ask the operator for more room; everything stored stays readable.",
    zh: "近期删除的内容太多，回收站占满了空间。请等回收站清空（从所示时间开始），或向管理员申请更多空间；已保存的都可以继续读取。",
    exit: 6,
    http: 507,
  },
  "member.which-vault": {
    en: "You have several vaults on this server. Name the one that is meant: ADDRESS#VAULT; `keepsake vaults ADDRESS` shows their ids.",
    zh: "你在此服务器上有多个保险库。请写明是哪一个：地址#保险库编号；编号可用 `keepsake vaults 地址` 查看。",
    exit: 2,
    http: 400,
  },
  "member.unknown-vault": {
    en: "This server has no such vault of yours. `keepsake copy --to ADDRESS` puts a copy there, `keepsake init ADDRESS` makes a new one.",
    zh: "此服务器上没有你的这个保险库。可用 `keepsake copy --to 地址` 把副本放到那里，或用 `keepsake init 地址` 新建。",
    exit: 10,
    http: 404,
  },
};
