import type { Words } from "../language.ts";

export const made: Words = { en: "The vault {id} is made.", zh: "保险库 {id} 已建好。" };
export const checkWords: Words = {
  en: "Nobody has typed the words back yet: check them with `keepsake keys kit`.",
  zh: "恢复口令还没有核对过：请用 `keepsake keys kit` 核对。",
};
export const backupNext: Words = {
  en: "Next: keepsake backup EXPORT",
  zh: "下一步：keepsake backup 导出的文件夹",
};
export const found: Words = {
  en: "Found: {format}, {files} files, {size}.",
  zh: "识别为 {format}，{files} 个文件，{size}。",
};
export const accountFound: Words = { en: "An account in this backup: {name}", zh: "备份中的账号：{name}" };
export const isAccountYours: Words = {
  en: "This is the history of {name}. Read it?",
  zh: "这是 {name} 的聊天记录。要读取吗？",
};
export const whichAccount: Words = {
  en: "Several accounts were used on this phone. Whose history is to be read?",
  zh: "这部手机上用过多个账号。要读取谁的聊天记录？",
};
export const noneOfThese: Words = { en: "none of these", zh: "都不是" };
export const whichSource: Words = { en: "Which source is this?", zh: "这是哪个来源？" };
export const newSource: Words = { en: "a new one, {name}", zh: "新的来源：{name}" };
export const serversOnly: Words = {
  en: "The only copy is on a server. If it fails, or loses the keys that it holds for you, nothing is left: keep a second one on a disk or in a bucket, with `keepsake copy --to FOLDER`.",
  zh: "唯一的副本在服务器上。如果服务器损坏，或丢失了它为你保管的密钥，就什么都不剩了：请用 `keepsake copy --to 文件夹` 在磁盘或存储桶中再保留一份。",
};
export const unchanged: Words = {
  en: "Nothing in the source changed since the last backup.",
  zh: "来源自上次备份以来没有变化。",
};
export const backedUp: Words = {
  en: "{messages} messages in {chats} chats were read: {added} are new, {files} files are new, {stored} were stored.",
  zh: "读取了 {chats} 个聊天中的 {messages} 条消息：新增 {added} 条，新增 {files} 个文件，写入 {stored}。",
};
export const leftOut: Words = {
  en: "{n} messages were left out: you had them forgotten.",
  zh: "跳过 {n} 条消息：它们此前已被你遗忘。",
};
export const findingsTitle: Words = { en: "To be looked at:", zh: "需要留意：" };
export const finding: Words = {
  en: "  {count} × {what} ({code})",
  zh: "  {count} × {what}（{code}）",
};
export const verified: Readonly<Record<"whole" | "sampled" | "newPart" | "nothing", Words>> = {
  whole: { en: "now", zh: "刚刚" },
  sampled: { en: "now, a sample", zh: "刚刚，抽样" },
  newPart: { en: "new part now", zh: "新增部分刚刚" },
  nothing: { en: "", zh: "" },
};
export const readWhole: Words = { en: "all on {day}", zh: "{day} 全部" };
export const readSampled: Words = { en: "a sample on {day}", zh: "{day} 抽样" };
export const readNever: Words = { en: "not yet by this device", zh: "本设备尚未回读" };
export const proofColumns: Readonly<
  Record<"chat" | "messages" | "first" | "last" | "files" | "bytes" | "digest" | "checked", Words>
> = {
  chat: { en: "Chat", zh: "聊天" },
  messages: { en: "Messages", zh: "消息" },
  first: { en: "First", zh: "最早" },
  last: { en: "Last", zh: "最晚" },
  files: { en: "Files", zh: "附件" },
  bytes: { en: "Size", zh: "大小" },
  digest: { en: "Digest", zh: "摘要" },
  checked: { en: "Read back", zh: "回读核对" },
};
export const moreChats: Words = { en: "… and {n} more chats.", zh: "……另有 {n} 个聊天。" };
export const holds: Words = {
  en: "The vault holds {messages} messages in {chats} chats (version {head}).",
  zh: "保险库现有 {chats} 个聊天、{messages} 条消息（版本 {head}）。",
};
export const readBack: Words = {
  en: "{objects} stored objects were read back and are right.",
  zh: "已回读核对 {objects} 个对象，全部无误。",
};
export const shrunk: Words = {
  en: "Attention: this source shows less than it did before. Everything is kept in the vault, nothing was removed.",
  zh: "注意：这个来源比以前少了内容。保险库中全部保留，没有删除任何东西。",
};
export const missingChat: Words = {
  en: "  {chat}: not shown at all, {messages} messages are kept",
  zh: "  {chat}：完全没有出现，保留 {messages} 条消息",
};
export const shrunkChat: Words = {
  en: "  {chat}: {missing} of {before} messages are not shown any more",
  zh: "  {chat}：{before} 条中有 {missing} 条不再出现",
};
export const acceptNow: Words = {
  en: "Was that on purpose? With yes, those messages are marked as deleted on the device; they are kept all the same.",
  zh: "这是有意的吗？回答“是”会把这些消息标记为“设备上已删除”，内容仍然保留。",
};
export const shrinkNext: Words = {
  en: "If that was on purpose, run the same command with --accept-shrink. If not, find out why: look for a partial export or a lost phone's data.",
  zh: "如果是有意的，请在同一命令后加 --accept-shrink。如果不是，请先查明原因：是否只导出了一部分，或设备数据丢失。",
};
export const copied: Words = {
  en: "The copy is up to date: {packs} packs, {size} copied.",
  zh: "副本已是最新：复制了 {packs} 个包，共 {size}。",
};
export const healed: Words = {
  en: "Healed: {here} packs here, {there} in the copy.",
  zh: "已修复：本地 {here} 个包，副本 {there} 个包。",
};
export const lost: Words = {
  en: "{n} packs are whole in neither copy. Run `keepsake check` to see what they hold, and repair from a third copy.",
  zh: "有 {n} 个包在两份副本中都不完整。请用 `keepsake check` 查看影响，并用第三份副本修复。",
};
export const planMergedChat: Words = {
  en: "  {chat}: {messages} messages",
  zh: "  {chat}：{messages} 条消息",
};
export const planMerge: Readonly<Record<"same" | "ahead" | "behind" | "apart", Words>> = {
  same: { en: "The two copies are the same.", zh: "两份副本相同。" },
  ahead: {
    en: "This copy has all that the other has. `keepsake copy` brings the other up to date.",
    zh: "本副本已包含另一份的全部内容。可用 `keepsake copy` 更新另一份。",
  },
  behind: {
    en: "Only the other copy was written to: this one takes its versions over as they are.",
    zh: "只有另一份有新内容：本副本将直接接收它的各个版本。",
  },
  apart: {
    en: "{messages} messages in {chats} chats and {files} attachments ({size}) come over. The other copy's {versions} versions since the two went apart are not kept one by one: what they hold is in the new version.",
    zh: "将并入 {chats} 个聊天的 {messages} 条消息和 {files} 个附件（{size}）。分开之后另一份的 {versions} 个版本不再逐一保留，其内容全部进入新版本。",
  },
};
export const staysForgotten: Words = {
  en: "What was forgotten here stays forgotten: {messages} messages, {chats} chats of the other copy.",
  zh: "此处已遗忘的内容不会带回：另一份中的 {messages} 条消息、{chats} 个聊天。",
};
export const reallyMerge: Words = { en: "Merge?", zh: "要合并吗？" };
export const merged: Words = {
  en: "Merged. Now `keepsake copy --to {store}` makes the two one; `keepsake undo` takes the merge back.",
  zh: "已合并。接着运行 `keepsake copy --to {store}`，两份就会一致；可用 `keepsake undo` 撤销合并。",
};
export const caughtUp: Words = {
  en: "This copy is up to date with {store}.",
  zh: "本副本已与 {store} 一致。",
};
export const wouldCopy: Words = {
  en: "Would bring version {head} to the other store.",
  zh: "将把版本 {head} 带到另一处存储。",
};
export const repaired: Words = { en: "{n} packs were put back.", zh: "已修复 {n} 个包。" };
