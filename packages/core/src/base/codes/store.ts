import type { CodeEntry } from "./entry.ts";

export type StoreCode =
  "store.not-found" | "store.exists" | "store.unavailable" | "store.full" | "store.bad-name";

export const storeCodes: Readonly<Record<StoreCode, CodeEntry>> = {
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
};
