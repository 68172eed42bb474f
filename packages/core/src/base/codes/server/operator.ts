import type { CodeEntry } from "../entry.ts";

/** Codes of what an operator sets up. */
export type OperatorCode = "server.bad-secrets" | "server.incomplete-backup";

export const operatorCodes: Readonly<Record<OperatorCode, CodeEntry>> = {
  "server.incomplete-backup": {
    en: "The copy of the server is not whole: objects that its database names are missing. Use another copy, or make it again.",
    zh: "服务器副本不完整：缺少数据库中记录的对象。请换用其他副本，或重新制作。",
    exit: 11,
    http: 500,
  },
  "server.bad-secrets": {
    en: "The file of the server's secrets cannot be read or made, or is not the one that belongs to this database. Bring back the right file from your backup of it.",
    zh: "服务器密钥文件无法读取或创建，或不属于这个数据库。请用该文件的备份恢复。",
    exit: 13,
    http: 500,
  },
};
