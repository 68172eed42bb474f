import type { CodeEntry } from "../entry.ts";

/** Codes of a server that is several cells. */
export type CellCode = "server.cell-away" | "server.other-cell" | "server.wrong-cell";

export const cellCodes: Readonly<Record<CellCode, CodeEntry>> = {
  "server.cell-away": {
    en: "The part of the server that is needed for this does not answer now. Try again in a while; nothing is lost.",
    zh: "处理此请求所需的那部分服务器现在没有响应。请稍后再试，不会丢失任何内容。",
    exit: 5,
    http: 503,
  },
  "server.other-cell": {
    en: "This lies in another part of the server. Ask by the address under which members reach it.",
    zh: "该内容位于服务器的另一部分。请通过成员使用的服务器地址访问。",
    exit: 5,
    http: 421,
  },
  "server.wrong-cell": {
    en: "This database belongs to another cell than KEEPSAKE_CELL says. Set the number that it was first started with, or name the database of this cell.",
    zh: "这个数据库不属于 KEEPSAKE_CELL 所写的单元。请改为它首次启动时的编号，或指定本单元的数据库。",
    exit: 13,
    http: 409,
  },
};
