import type { CodeEntry } from "../entry.ts";

export type DatabaseCode =
  | "server.taken"
  | "server.database-unavailable"
  | "server.database-in-use"
  | "server.database-damaged"
  | "server.newer-database";

export const databaseCodes: Readonly<Record<DatabaseCode, CodeEntry>> = {
  "server.taken": {
    en: "That exists already, or someone else was quicker. Look again, then decide.",
    zh: "它已经存在，或者别人抢先了一步。请先刷新查看再决定。",
    exit: 13,
    http: 409,
  },
  "server.database-unavailable": {
    en: "The server's database does not answer now, or cannot write. Try again in a while; the operator looks at the database and its disk.",
    zh: "服务器的数据库现在没有响应，或无法写入。请稍后再试；运营者应检查数据库及其磁盘。",
    exit: 5,
    http: 503,
  },
  "server.database-in-use": {
    en: "Another server has this database file open. Stop that one first, or use PostgreSQL, which serves several.",
    zh: "另一个服务器进程正在使用这个数据库文件。请先停止它，或改用可供多个进程使用的 PostgreSQL。",
    exit: 5,
    http: 503,
  },
  "server.database-damaged": {
    en: "The server's database is damaged, or the file is no database. Bring it back from the last backup.",
    zh: "服务器的数据库已损坏，或该文件不是数据库。请用最近的备份恢复。",
    exit: 11,
    http: 500,
  },
  "server.newer-database": {
    en: "This database belongs to another, most likely newer, version of the server. Start that version, or bring back the backup made before the update.",
    zh: "这个数据库属于另一个（多半是更新的）服务器版本。请启动那个版本，或恢复更新前的备份。",
    exit: 14,
    http: 409,
  },
};
