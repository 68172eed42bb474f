/** What a code means to a person, to a script and to an HTTP client. */
export interface CodeEntry {
  /** One sentence or two that say what happened and what to do. */
  readonly en: string;
  readonly zh: string;
  /** The CLI's exit code. */
  readonly exit: number;
  readonly http: number;
}

/** Dotted by area: base, store, vault, history, format, keys, cli. */
export type Code =
  | "base.aborted"
  | "base.limit"
  | "base.invalid"
  | "base.unexpected"
  | "store.not-found"
  | "store.exists"
  | "store.unavailable"
  | "store.full"
  | "store.bad-name"
  | "vault.not-found"
  | "vault.already-there"
  | "vault.newer-format"
  | "vault.older-than-floor"
  | "vault.corrupt"
  | "vault.wrong-key"
  | "vault.unsafe-parameters";

/*
 * Exit codes: 0 done, 1 unexpected, 2 usage, 3 done in part (the items are listed), 4 not found,
 * 5 store cannot be reached now, 6 full, 10 no vault here, 11 damaged, 12 wrong key,
 * 13 refused for safety, 14 needs a newer Keepsake, 130 stopped by the person.
 */
export const codes: Readonly<Record<Code, CodeEntry>> = {
  "base.aborted": {
    en: "Stopped. What was finished is kept; run the same command to go on.",
    zh: "已停止。已完成的部分都已保留，再次运行同一命令即可继续。",
    exit: 130,
    http: 499,
  },
  "base.limit": {
    en: "A limit was passed that no honest data reaches; the item was refused.",
    zh: "超出了正常数据不会达到的上限，该项已被拒绝。",
    exit: 11,
    http: 413,
  },
  "base.invalid": {
    en: "A value is not valid; see the details for which one.",
    zh: "有一个值无效，详情中写明是哪一个。",
    exit: 2,
    http: 400,
  },
  "base.unexpected": {
    en: "Something went wrong that should not have; nothing stored was changed. Please report it.",
    zh: "发生了不该发生的错误，已保存的内容没有改动。请反馈给我们。",
    exit: 1,
    http: 500,
  },
  "store.not-found": {
    en: "An object is missing from the store. Run check, then repair from a second copy.",
    zh: "存储中缺少一个对象。请先运行 check，再用第二份副本运行 repair。",
    exit: 4,
    http: 404,
  },
  "store.exists": {
    en: "An object of that name is already in the store and is different.",
    zh: "存储中已有同名但内容不同的对象。",
    exit: 13,
    http: 409,
  },
  "store.unavailable": {
    en: "The store cannot be reached now. Check the disk or the connection and run the command again.",
    zh: "现在无法访问存储。请检查磁盘或网络后重新运行该命令。",
    exit: 5,
    http: 503,
  },
  "store.full": {
    en: "The store is full. Free some space or choose another store, then run the command again.",
    zh: "存储已满。请腾出空间或换一个存储后重新运行。",
    exit: 6,
    http: 507,
  },
  "store.bad-name": {
    en: "A store was asked for a name that no vault uses.",
    zh: "请求的名称不是任何保险库会使用的名称。",
    exit: 1,
    http: 400,
  },
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
};
