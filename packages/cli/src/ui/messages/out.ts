import type { Missing } from "../../commands/out/compare.ts";
import type { Words } from "../language.ts";

export const from: Words = { en: "From version {head} of {day}.", zh: "使用版本 {head}（{day}）。" };
export const textThere: Words = {
  en: 'All text can be read now, in the folder "{folder}" of the target. Attachments follow.',
  zh: "全部文字已可阅读，位于目标文件夹的“{folder}”中。接着写出附件。",
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
export const compared: Words = {
  en: "Read back and compared, message by message and file by file: it is what the vault holds.",
  zh: "已逐条、逐个文件回读比对：与保险库一致。",
};
export const comparedCounts: Words = {
  en: "Compared by count: every message is there. This format holds less than the vault does; what is different stands above.",
  zh: "已按数量比对：每条消息都在。该格式能容纳的内容少于保险库，不同之处已列在上面。",
};
export const missingTitle: Words = { en: "Missing or different:", zh: "缺少或不一致：" };
export const missing: Readonly<Record<Missing["what"], Words>> = {
  messages: { en: "  {chat}: {count} messages", zh: "  {chat}：{count} 条消息" },
  content: {
    en: "  {chat}: something in {count} messages is not the same",
    zh: "  {chat}：{count} 条消息中有内容不一致",
  },
  attachments: { en: "  {chat}: {count} attachments", zh: "  {chat}：{count} 个附件" },
  chats: { en: "  {count} chats", zh: "  {count} 个聊天" },
  damaged: {
    en: "  {count} chats could not be read to their end: run `keepsake check`",
    zh: "  {count} 个聊天未能完整读取：请运行 `keepsake check`",
  },
};
