import type { CodeEntry } from "./entry.ts";

export type KeysCode =
  | "keys.words-count"
  | "keys.unknown-word"
  | "keys.words-checksum"
  | "keys.weak-password"
  | "keys.no-authority"
  | "keys.last-slot"
  | "keys.no-device"
  | "keys.replaced"
  | "keys.diverged"
  | "keys.offline-password";

export const keysCodes: Readonly<Record<KeysCode, CodeEntry>> = {
  "keys.words-count": {
    en: "Twenty-four words are needed. Type all of them, in their order.",
    zh: "需要 24 个恢复口令词，请按顺序全部输入。",
    exit: 2,
    http: 400,
  },
  "keys.unknown-word": {
    en: "One of the words is not in the list. Its place is given; compare it with your recovery kit.",
    zh: "有一个词不在词表中，已标明是第几个，请与恢复卡核对。",
    exit: 2,
    http: 400,
  },
  "keys.words-checksum": {
    en: "All words are known, but they do not belong together. Check their order against your recovery kit.",
    zh: "每个词都在词表中，但组合不对。请对照恢复卡检查顺序。",
    exit: 2,
    http: 400,
  },
  "keys.weak-password": {
    en: "This password is too easy to guess. Take at least 8 characters, at least 5 of them different.",
    zh: "这个密码太容易被猜到。请至少用 8 个字符，其中至少 5 个各不相同。",
    exit: 2,
    http: 400,
  },
  "keys.no-authority": {
    en: "This needs the recovery words or the password: a device's own key is not enough.",
    zh: "此操作需要恢复口令或密码，仅凭本设备的密钥不够。",
    exit: 12,
    http: 403,
  },
  "keys.last-slot": {
    en: "This is the last way to open the vault without this device. Add another before removing it.",
    zh: "这是不依赖本设备打开保险库的最后一种方式。请先添加另一种，再移除它。",
    exit: 13,
    http: 409,
  },
  "keys.no-device": {
    en: "There is no such device, or it is the one at hand. Look at `keepsake keys` and name another.",
    zh: "没有这台设备，或它就是当前设备。请用 `keepsake keys` 查看后另选一台。",
    exit: 2,
    http: 404,
  },
  "keys.replaced": {
    en: "This key was valid once and has been replaced or taken out since. Use the new words or the new password.",
    zh: "这个口令或设备曾经有效，后来已被更换或移除。请使用新的恢复口令或密码。",
    exit: 12,
    http: 403,
  },
  "keys.offline-password": {
    en: "This vault has a password that whoever keeps it could guess at without limit, so it does not go onto a server. Set one that the server's guards limit (`keepsake keys password --guards ADDRESS`), or take the password out (`keepsake keys password --remove`), then try again.",
    zh: "这个保险库的密码可被保管者无限次猜测，因此不会上传到服务器。请改设由服务器守护服务限制次数的密码（`keepsake keys password --guards 地址`），或移除密码（`keepsake keys password --remove`），然后重试。",
    exit: 13,
    http: 409,
  },
  "keys.diverged": {
    en: "The keys were changed in both copies while they were apart, or the other one holds another vault. The two cannot be merged: export from one and back that up into the other.",
    zh: "两份副本分开期间都更改过密钥，或另一份是别的保险库，无法合并。请从其中一份导出，再备份到另一份。",
    exit: 13,
    http: 409,
  },
};
