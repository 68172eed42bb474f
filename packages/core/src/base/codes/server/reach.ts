import type { CodeEntry } from "../entry.ts";

/** Codes of a client that speaks to a server. */
export type ReachCode =
  | "server.bad-address"
  | "server.unreachable"
  | "server.not-keepsake"
  | "server.other-protocol"
  | "server.bad-receipt"
  | "server.bad-key-token"
  | "server.bad-log";

export const reachCodes: Readonly<Record<ReachCode, CodeEntry>> = {
  "server.bad-address": {
    en: "This is no address of a server. Write it with https:// in front, such as https://keep.example, or https://keep.example#VAULT for one of several vaults.",
    zh: "这不是服务器地址。请写上 https:// 开头，如 https://keep.example；有多个保险库时写 https://keep.example#保险库编号。",
    exit: 2,
    http: 400,
  },
  "server.unreachable": {
    en: "The server does not answer. Check the address and the connection, then run the command again; nothing is lost.",
    zh: "服务器没有响应。请检查地址和网络后重新运行该命令，不会丢失任何内容。",
    exit: 5,
    http: 503,
  },
  "server.not-keepsake": {
    en: "What answers at this address is no Keepsake server. Check the address.",
    zh: "该地址上运行的不是 Keepsake 服务器。请检查地址。",
    exit: 4,
    http: 502,
  },
  "server.other-protocol": {
    en: "This server speaks another version of the protocol. Update Keepsake, or ask the operator to.",
    zh: "该服务器使用的协议版本不同。请更新 Keepsake，或请管理员更新服务器。",
    exit: 14,
    http: 409,
  },
  "server.bad-log": {
    en: "The server's log of what happened does not hold together: an entry was left out or changed. Keep a second copy elsewhere, and ask the operator.",
    zh: "服务器的事件日志前后不符：有条目被删去或改动。请在别处保留第二份副本，并联系管理员。",
    exit: 13,
    http: 502,
  },
  "server.bad-key-token": {
    en: "The copy on the server does not open: the token that belongs to its keys is missing or wrong. Nothing wrong was shown. Bring it level from another copy with `keepsake repair`; ask the operator whether the folder of day keys was lost.",
    zh: "服务器上的副本无法打开：与其密钥对应的令牌缺失或不正确。没有显示任何错误内容。请用 `keepsake repair` 从另一份副本修复，并询问管理员是否丢失了日密钥文件夹。",
    exit: 11,
    http: 409,
  },
  "server.bad-receipt": {
    en: "The server's receipt is not what it must be: it may not have kept what it took, or tell other devices something else. Keep a second copy, and ask the operator; if the server had to be brought back from an older copy, say so once with `--accept-older`.",
    zh: "服务器给出的回执不正确：它可能没有保存收到的内容，或对其他设备给出了不同的内容。请保留第二份副本，并联系管理员；如果服务器是从较旧的副本恢复的，加一次 `--accept-older` 即可。",
    exit: 13,
    http: 502,
  },
};
