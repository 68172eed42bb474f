import type { Missing } from "../../commands/out/compare.ts";
import type { Words } from "../language.ts";

export const from: Words = { en: "From version {head} of {day}.", zh: "使用版本 {head}（{day}）。" };
export const textThere: Words = {
  en: "All text can be read now. Attachments follow.",
  zh: "全部文字已可阅读，接着写出附件。",
};
export const written: Words = {
  en: "Written: {messages} messages in {chats} chats, {files} attachments.",
  zh: "已写出：{chats} 个聊天、{messages} 条消息、{files} 个附件。",
};
export const olderVersions: Words = {
  en: "  {n} earlier versions of these messages (edited, recalled, seen twice) stay in the vault",
  zh: "  另有这些消息的 {n} 个较早版本（编辑、撤回或重复来源）保留在保险库中",
};
export const changed: Words = {
  en: "  written in another way: {what}, {count} times",
  zh: "  以其他方式写出：{what}，{count} 处",
};
export const dropped: Words = { en: "  left out: {what}, {count} times", zh: "  未写出：{what}，{count} 处" };
export const forms: Words = {
  en: "Also written so that any program opens them: {made} voices and pictures, each beside its original.",
  zh: "另将 {made} 个语音和图片写成通用格式，放在各自的原文件旁。",
};
export const formless: Words = {
  en: "{kept} voices or pictures could not be written so; their originals are there.",
  zh: "有 {kept} 个语音或图片无法转换；原文件都在。",
};
export const compared: Words = {
  en: "Compared with the vault: every message is there, the text was read back, and every attachment has its digest.",
  zh: "已与保险库比对：每条消息都在，文字已回读核对，每个附件的摘要均一致。",
};
export const comparedCounts: Words = {
  en: "Compared by count: every message is there, and the text was read back. This format holds less than the vault does; what is different stands above.",
  zh: "已按数量比对：每条消息都在，文字已回读核对。该格式能容纳的内容少于保险库，不同之处已列在上面。",
};
export const missingTitle: Words = { en: "Missing or different:", zh: "缺少或不一致：" };
export const missing: Readonly<Record<Missing["what"], Words>> = {
  messages: { en: "  {chat}: {count} messages", zh: "  {chat}：{count} 条消息" },
  text: {
    en: "  {count} files of text are not what was written: the disk may be failing",
    zh: "  {count} 个文字文件与写出的内容不一致：磁盘可能有故障",
  },
  attachments: { en: "  {chat}: {count} attachments", zh: "  {chat}：{count} 个附件" },
  chats: { en: "  {count} chats", zh: "  {count} 个聊天" },
  damaged: {
    en: "  {count} chats could not be read to their end: run `keepsake check`",
    zh: "  {count} 个聊天未能完整读取：请运行 `keepsake check`",
  },
};
