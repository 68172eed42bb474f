import type { CodeEntry } from "../entry.ts";

/** Codes of what an operator sets up. */
export type OperatorCode = "server.bad-secrets";

export const operatorCodes: Readonly<Record<OperatorCode, CodeEntry>> = {
  "server.bad-secrets": {
    en: "The file of the server's secrets cannot be read or made, or is not the one that belongs to this database. Bring back the right file from your backup of it.",
    zh: "服务器密钥文件无法读取或创建，或不属于这个数据库。请用该文件的备份恢复。",
    exit: 13,
    http: 500,
  },
};
