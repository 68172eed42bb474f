import type { Words } from "../language.ts";

export const columns: Readonly<
  Record<
    | "chat"
    | "messages"
    | "files"
    | "size"
    | "first"
    | "last"
    | "id"
    | "number"
    | "time"
    | "what"
    | "chats"
    | "state"
    | "change",
    Words
  >
> = {
  chat: { en: "Chat", zh: "聊天" },
  messages: { en: "Messages", zh: "消息" },
  files: { en: "Files", zh: "附件" },
  size: { en: "Size", zh: "大小" },
  first: { en: "First", zh: "最早" },
  last: { en: "Last", zh: "最晚" },
  id: { en: "Id", zh: "编号" },
  number: { en: "No.", zh: "版本" },
  time: { en: "Time", zh: "时间" },
  what: { en: "By", zh: "操作" },
  chats: { en: "Chats", zh: "聊天" },
  state: { en: "State", zh: "状态" },
  change: { en: "Change", zh: "变化" },
};
export const sourceColumns: Readonly<
  Record<"source" | "format" | "own" | "runs" | "firstRun" | "lastRun", Words>
> = {
  source: { en: "Source", zh: "来源" },
  format: { en: "Format", zh: "格式" },
  own: { en: "Own account", zh: "本人账号" },
  runs: { en: "Backups", zh: "备份次数" },
  firstRun: { en: "First", zh: "首次" },
  lastRun: { en: "Last", zh: "最近" },
};
export const noSources: Words = { en: "Nothing was backed up yet.", zh: "还没有备份过任何内容。" };
export const noChats: Words = { en: "There are no chats in the vault yet.", zh: "保险库中还没有聊天。" };
export const me: Words = { en: "me", zh: "我" };
export const closed: Words = {
  en: "[seen once or past its time; --include-expired shows it]",
  zh: "[阅后即焚或已过期，用 --include-expired 显示]",
};
export const gone: Words = { en: "(gone from the device, kept here)", zh: "（设备上已删除，此处保留）" };
export const edited: Words = { en: "(edited)", zh: "（已编辑）" };
export const reallyEarlier: Words = {
  en: "Show also what was said in messages that their authors took back or edited? They meant it not to be read any more.",
  zh: "也要显示已被作者撤回或修改的消息原先的内容吗？作者的本意是不再让人看到。",
};
export const earlier: Words = { en: "earlier, as of {day}: {text}", zh: "{day} 时的内容：{text}" };
export const noMessages: Words = { en: "There are no messages there.", zh: "这里没有消息。" };
export const hits: Words = { en: "{n} found.", zh: "找到 {n} 条。" };
export const moreHits: Words = {
  en: "There are more: the newest {n} are shown; --limit shows more.",
  zh: "还有更多：显示最新的 {n} 条，用 --limit 显示更多。",
};
export const verbs: Readonly<Record<string, Words>> = {
  init: { en: "made", zh: "新建" },
  backup: { en: "backup", zh: "备份" },
  merge: { en: "merge", zh: "合并" },
  forget: { en: "versions forgotten", zh: "遗忘版本" },
  "forget-chats": { en: "chats forgotten", zh: "遗忘聊天" },
  choose: { en: "what is left out", zh: "更改略去内容" },
  "forget-messages": { en: "messages forgotten", zh: "遗忘消息" },
  prune: { en: "prune", zh: "清理" },
  undo: { en: "undo", zh: "撤销" },
  compact: { en: "compact", zh: "整理" },
  rotate: { en: "new keys", zh: "更换密钥" },
  join: { en: "device added", zh: "加入设备" },
};
export const forgotten: Words = { en: "forgotten", zh: "已遗忘" };
export const changes: Readonly<Record<"added" | "removed" | "changed", Words>> = {
  added: { en: "new", zh: "新增" },
  removed: { en: "removed", zh: "移除" },
  changed: { en: "changed", zh: "有变化" },
};
export const same: Words = { en: "Nothing is different.", zh: "没有差异。" };
