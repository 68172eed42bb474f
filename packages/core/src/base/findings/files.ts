import type { FindingWords } from "./words.ts";

export type FileFinding =
  | "agent.unknown-key"
  | "agent.wrong-value"
  | "format.link"
  | "format.no-file"
  | "format.out-of-order"
  | "format.too-deep"
  | "history.unreadable-file"
  | "model.missing"
  | "model.out-of-range"
  | "model.over-limit"
  | "model.wrong-type"
  | "zip.bomb"
  | "zip.encrypted"
  | "zip.list-cut-off"
  | "zip.mac-attributes"
  | "zip.overlap"
  | "zip.same-name"
  | "zip.unknown-method"
  | "zip.unsafe-path"
  | "zip.wrong-size";

/** What is found in folders, zip files, settings and messages, whatever the format. */
export const fileFindings: Readonly<Record<FileFinding, FindingWords>> = {
  "agent.unknown-key": { en: "a setting that is not known; it does nothing", zh: "未知的设置，不起作用" },
  "agent.wrong-value": { en: "a setting with a value that cannot be", zh: "取值无效的设置" },
  "format.link": { en: "a link in the folder; it was not followed", zh: "文件夹中的链接，没有跟随" },
  "format.no-file": {
    en: "something that is neither a file nor a folder",
    zh: "既不是文件也不是文件夹的项目",
  },
  "format.out-of-order": {
    en: "a message that lies far from its time in the export; it was read all the same",
    zh: "在导出中离自己的时间很远的消息，仍已读取",
  },
  "format.too-deep": {
    en: "a file in too many folders within each other; it was not read",
    zh: "文件夹层数过深的文件，未读取",
  },
  "history.unreadable-file": {
    en: "a file that could not be read; everything else is kept, and the next backup tries it again",
    zh: "无法读取的文件，其余的都已保留，下次备份会再试",
  },
  "model.missing": { en: "something that a message lacks", zh: "消息缺少的内容" },
  "model.out-of-range": {
    en: "a value in a message that cannot be; it is kept beside it",
    zh: "消息中不可能的数值，已另行保留",
  },
  "model.over-limit": {
    en: "something in a message that is too large; it is kept beside it",
    zh: "消息中过大的内容，已另行保留",
  },
  "model.wrong-type": {
    en: "something in a message of a form that is not known; it is kept beside it",
    zh: "消息中形式未知的内容，已另行保留",
  },
  "zip.bomb": {
    en: "an entry that would unpack to far too much; it was not read",
    zh: "解压后会过大的条目，未读取",
  },
  "zip.encrypted": {
    en: "an entry that is protected by a password; it was not read",
    zh: "受密码保护的条目，未读取",
  },
  "zip.list-cut-off": {
    en: "the zip file's list ends too soon; what it names was read",
    zh: "压缩包的清单不完整，其中列出的都已读取",
  },
  "zip.mac-attributes": {
    en: "what a Mac puts beside each file; it was left out",
    zh: "Mac 在每个文件旁附加的内容，已跳过",
  },
  "zip.overlap": { en: "entries that lie in each other; they were not read", zh: "互相重叠的条目，未读取" },
  "zip.same-name": {
    en: "an entry with the name of another one; it was not read",
    zh: "与其他条目同名的条目，未读取",
  },
  "zip.unknown-method": {
    en: "an entry packed in a way that is not known; it was not read",
    zh: "以未知方式压缩的条目，未读取",
  },
  "zip.unsafe-path": {
    en: "an entry whose name leads out of the zip file; it was not read",
    zh: "名称指向压缩包之外的条目，未读取",
  },
  "zip.wrong-size": {
    en: "an entry that has another size than the list states; it was not read",
    zh: "大小与清单不符的条目，未读取",
  },
};
