import type { CodeEntry } from "../entry.ts";

/** Codes of guards, which limit guesses at a vault's password. */
export type GuardCode =
  | "guard.off"
  | "guard.bad-ticket"
  | "guard.unknown-record"
  | "guard.full"
  | "guard.wait"
  | "guard.spent"
  | "guard.restored"
  | "guard.bad-answer";

export const guardCodes: Readonly<Record<GuardCode, CodeEntry>> = {
  "guard.off": {
    en: "This server has no guards for passwords. Use the recovery words or a device, or ask the operator to set up two guards.",
    zh: "此服务器没有设置密码守护。请使用恢复口令或其他设备，或请管理员设置两个守护服务。",
    exit: 13,
    http: 409,
  },
  "guard.bad-ticket": {
    en: "The guard of the password does not know the server that sent you, or the request is too old. Try again; if it stays so, the operators have to look at it.",
    zh: "密码守护服务不认识当前服务器，或请求已过期。请重试；若仍失败，请联系管理员。",
    exit: 12,
    http: 401,
  },
  "guard.unknown-record": {
    en: "The guard knows nothing of this password. Open the vault with the recovery words or on a device, and set the password again.",
    zh: "密码守护服务没有这个密码的记录。请用恢复口令或其他设备打开保险库，再重新设置密码。",
    exit: 12,
    http: 404,
  },
  "guard.full": {
    en: "The guard holds too many passwords of yours. Wait a day, then set the password again.",
    zh: "密码守护服务中你的密码记录过多。请一天后再设置密码。",
    exit: 13,
    http: 409,
  },
  "guard.wait": {
    en: "Too many guesses at the password. Wait for the time that is named, or use the recovery words or a device. Nothing stored is touched.",
    zh: "密码尝试次数过多。请等待所示时间，或使用恢复口令或其他设备。已保存的内容不受影响。",
    exit: 12,
    http: 429,
  },
  "guard.spent": {
    en: "The password was guessed wrong ten times and opens nothing any more. All that is stored is there: open it with the recovery words or on a device, and set a new password.",
    zh: "密码已连续猜错十次，不能再用来打开保险库。保存的内容都还在：请用恢复口令或其他设备打开，再设置新密码。",
    exit: 12,
    http: 410,
  },
  "guard.restored": {
    en: "The guard was brought back from an older copy and cannot know how often the password was guessed. Open the vault with the recovery words or on a device, and set the password again.",
    zh: "密码守护服务由较旧的备份恢复，无法确认密码被尝试的次数。请用恢复口令或其他设备打开保险库，再重新设置密码。",
    exit: 12,
    http: 409,
  },
  "guard.bad-answer": {
    en: "A guard answered with another key than the one your vault names. Do not try the password again; use the recovery words or a device, and tell the operator.",
    zh: "密码守护服务的应答与保险库中登记的密钥不符。请不要再尝试密码，改用恢复口令或其他设备，并告知管理员。",
    exit: 13,
    http: 409,
  },
};
