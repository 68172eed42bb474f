import type { FindingWords } from "./words.ts";

export type FormatFinding =
  | "chatlab.bad-member"
  | "chatlab.bad-message"
  | "chatlab.message-too-long"
  | "chatlab.no-chat-id"
  | "chatlab.truncated"
  | "chatlab.unknown-record"
  | "jsonl.bad-line"
  | "jsonl.bad-utf8"
  | "jsonl.bad-record"
  | "jsonl.count"
  | "jsonl.file-missing"
  | "jsonl.file-size"
  | "jsonl.truncated"
  | "jsonl.unknown-record"
  | "jsonl.unsafe-path"
  | "telegram.bad-message"
  | "telegram.file-missing"
  | "telegram.message-too-long"
  | "telegram.no-chat-id"
  | "telegram.truncated"
  | "telegram.unsafe-path"
  | "wechat.backup-broken"
  | "wechat.broken-xml"
  | "wechat.database-broken"
  | "wechat.older-backup"
  | "wechat.packed"
  | "wechat.packed-in-part"
  | "wechat.table-broken"
  | "wechat.unfinished-backup"
  | "wechat.unsafe-xml";

/* What several formats have in common. */
const cutOff: FindingWords = {
  en: "the file ends in the middle; all before that was read. Export it again",
  zh: "文件在中途结束，之前的内容都已读取。请重新导出",
};
const unknownRecord: FindingWords = { en: "an entry of a kind that is not known", zh: "未知类型的记录" };
const badMessage: FindingWords = {
  en: "a message that cannot be read; it is kept word for word",
  zh: "无法理解的消息，已逐字保留",
};
const tooLong: FindingWords = {
  en: "a message that is too long to be read; only its place is kept",
  zh: "过长而无法读取的消息，只保留了位置",
};
const noChatId: FindingWords = {
  en: "a chat that does not say which one it is; its name stands for it",
  zh: "没有写明编号的聊天，以名称代替",
};
const fileMissing: FindingWords = {
  en: "a file that the export names and that is not there",
  zh: "导出中提到但不存在的文件",
};
const unsafePath: FindingWords = {
  en: "a file whose name leads out of the export; it was not read",
  zh: "名称指向导出之外的文件，未读取",
};

/** What is found in exports of chats. */
export const formatFindings: Readonly<Record<FormatFinding, FindingWords>> = {
  "chatlab.bad-member": { en: "a member of the chat that cannot be read", zh: "无法读取的聊天成员" },
  "chatlab.bad-message": badMessage,
  "chatlab.message-too-long": tooLong,
  "chatlab.no-chat-id": noChatId,
  "chatlab.truncated": cutOff,
  "chatlab.unknown-record": unknownRecord,
  "jsonl.bad-line": { en: "a line that cannot be read", zh: "无法读取的行" },
  "jsonl.bad-utf8": {
    en: "a line that is no UTF-8; it was read as far as that goes",
    zh: "不是 UTF-8 编码的行，能读的都已读取",
  },
  "jsonl.bad-record": { en: "an entry that is not as it should be", zh: "内容不符合格式的记录" },
  "jsonl.count": {
    en: "the export holds another number of entries than it states",
    zh: "导出中的记录数与其写明的不一致",
  },
  "jsonl.file-missing": fileMissing,
  "jsonl.file-size": {
    en: "a file that has another size than the export states",
    zh: "大小与导出所写不符的文件",
  },
  "jsonl.truncated": cutOff,
  "jsonl.unknown-record": unknownRecord,
  "jsonl.unsafe-path": unsafePath,
  "telegram.bad-message": badMessage,
  "telegram.file-missing": fileMissing,
  "telegram.message-too-long": tooLong,
  "telegram.no-chat-id": noChatId,
  "telegram.truncated": cutOff,
  "telegram.unsafe-path": unsafePath,
  "wechat.backup-broken": {
    en: "a backup of a phone whose own lists are broken; it was passed over",
    zh: "清单已损坏的手机备份，已跳过",
  },
  "wechat.broken-xml": {
    en: "a message whose own description is broken; it was read as far as it goes, and kept word for word",
    zh: "自身描述已损坏的消息，能读的都已读取，并逐字保留",
  },
  "wechat.database-broken": {
    en: "a database of WeChat's that cannot be opened; the others were read",
    zh: "无法打开的微信数据库，其余的都已读取",
  },
  "wechat.older-backup": {
    en: "an older backup that lies beside the one that was read",
    zh: "与已读取的备份放在一起的更旧的备份",
  },
  "wechat.packed": {
    en: "a message that newer WeChat packs so that only WeChat can read it; its place, time and packed content are kept",
    zh: "被新版微信压缩、只有微信自己能读的消息，位置、时间和压缩内容都已保留",
  },
  "wechat.packed-in-part": {
    en: "a message that newer WeChat packs, of which the words or the file could be read",
    zh: "被新版微信压缩、仅读到文字或文件的消息",
  },
  "wechat.table-broken": {
    en: "a damaged table; all before the damage was read",
    zh: "已损坏的数据表，损坏处之前的内容都已读取",
  },
  "wechat.unfinished-backup": {
    en: "a backup of a phone that is not finished; it was passed over",
    zh: "尚未完成的手机备份，已跳过",
  },
  "wechat.unsafe-xml": {
    en: "a message whose own description is made to do harm; it was not unfolded, and kept word for word",
    zh: "自身描述带有恶意结构的消息，没有展开，已逐字保留",
  },
};
