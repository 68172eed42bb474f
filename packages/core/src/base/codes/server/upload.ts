import type { CodeEntry } from "../entry.ts";

/** Codes of putting objects on a server. */
export type UploadCode =
  "upload.unknown" | "upload.incomplete" | "upload.wrong-content" | "upload.wrong-offset";

export const uploadCodes: Readonly<Record<UploadCode, CodeEntry>> = {
  "upload.unknown": {
    en: "The server does not know this upload, or it took too long. Start it again; what was stored stays stored.",
    zh: "服务器没有这个上传，或已超时。请重新开始，已存入的内容不受影响。",
    exit: 5,
    http: 404,
  },
  "upload.incomplete": {
    en: "The object did not arrive whole. Send the rest, or start it again.",
    zh: "对象没有完整送达。请发送剩余部分，或重新开始。",
    exit: 5,
    http: 409,
  },
  "upload.wrong-content": {
    en: "What arrived is not what was announced: its size or its hash differs. Nothing was stored; send it again.",
    zh: "收到的内容与声明的大小或摘要不符，没有存入。请重新发送。",
    exit: 11,
    http: 422,
  },
  "upload.wrong-offset": {
    en: "The upload goes on at another place than this. Ask for its offset, then send from there.",
    zh: "上传应从另一个位置继续。请先查询位置，再从那里发送。",
    exit: 5,
    http: 409,
  },
};
