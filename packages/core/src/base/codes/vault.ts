import type { CodeEntry } from "./entry.ts";

export type VaultCode =
  | "vault.not-found"
  | "vault.already-there"
  | "vault.newer-format"
  | "vault.older-than-floor"
  | "vault.corrupt"
  | "vault.wrong-key"
  | "vault.unsafe-parameters"
  | "vault.altered-keys"
  | "vault.rolled-back"
  | "vault.raced"
  | "vault.revoked-device";

export const vaultCodes: Readonly<Record<VaultCode, CodeEntry>> = {
  "vault.not-found": {
    en: "There is no vault here. Make one with `keepsake init`, or check the path of the store.",
    zh: "这里没有保险库。请用 `keepsake init` 新建，或检查存储的路径。",
    exit: 10,
    http: 404,
  },
  "vault.already-there": {
    en: "A vault is already here. Choose an empty folder, or open the one that is there.",
    zh: "这里已经有一个保险库。请选择空文件夹，或打开已有的保险库。",
    exit: 13,
    http: 409,
  },
  "vault.newer-format": {
    en: "This vault was written by a newer Keepsake. Update Keepsake, then open it again.",
    zh: "这个保险库由更新版本的 Keepsake 写成。请更新 Keepsake 后再打开。",
    exit: 14,
    http: 409,
  },
  "vault.older-than-floor": {
    en: "The store offers an older version of the vault's rules than it had before. It was refused.",
    zh: "存储给出的保险库规则版本比以前更旧，已拒绝。",
    exit: 13,
    http: 409,
  },
  "vault.corrupt": {
    en: "A stored object is damaged or was altered. Run check, then repair from a second copy.",
    zh: "有一个已存对象损坏或被改动。请运行 check，再用第二份副本运行 repair。",
    exit: 11,
    http: 422,
  },
  "vault.wrong-key": {
    en: "That key does not open this vault. Check the words or the password and try again.",
    zh: "这个口令打不开该保险库。请检查恢复口令或密码后再试。",
    exit: 12,
    http: 403,
  },
  "vault.unsafe-parameters": {
    en: "The store offers key parameters outside the safe range. They were refused.",
    zh: "存储给出的密钥参数超出安全范围，已拒绝。",
    exit: 13,
    http: 409,
  },
  "vault.altered-keys": {
    en: "The list of keys in this store was altered, or belongs to another vault. It was refused.",
    zh: "存储中的密钥清单被改动过，或属于另一个保险库，已拒绝。",
    exit: 13,
    http: 409,
  },
  "vault.rolled-back": {
    en: "The store shows an older state than this device has seen. Nothing was changed. Compare it with another copy before you go on.",
    zh: "存储给出的状态比本设备见过的更旧。没有做任何改动，请先与另一份副本比对。",
    exit: 13,
    http: 409,
  },
  "vault.raced": {
    en: "Another device wrote at the same time, again and again. Run the command once more.",
    zh: "另一台设备反复同时写入。请再运行一次该命令。",
    exit: 5,
    http: 409,
  },
  "vault.revoked-device": {
    en: "This device was removed from the vault. Open the vault with the recovery words to add it again.",
    zh: "这台设备已从保险库移除。请用恢复口令打开保险库后重新添加。",
    exit: 12,
    http: 403,
  },
};
