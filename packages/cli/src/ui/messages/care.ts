import type { Damage } from "@keepsake/core/care";
import type { Words } from "../language.ts";

export const checked: Words = {
  en: "{objects} objects are named; {opened} of them were opened ({size}).",
  zh: "共 {objects} 个对象，已打开核对 {opened} 个（{size}）。",
};
export const allWell: Words = { en: "All is well.", zh: "一切完好。" };
export const restWell: Words = { en: "All else is well.", zh: "其余一切完好。" };
export const goneFiles: Words = {
  en: "The server has removed old files because nobody paid any more. Messages are all there; of these chats files are not. While they lie in its trash, paying again brings them back; `keepsake repair` brings them from another copy.",
  zh: "因长期未付费，服务器已清理较早的文件。消息都在；以下聊天的部分文件已不在。仍在回收站期间，重新付费即可取回；也可用 `keepsake repair` 从其他副本恢复。",
};
export const goneInChat: Words = {
  en: "  {chat}: {files} files of {first} to {last} ({size})",
  zh: "  {chat}：{first} 至 {last} 的 {files} 个文件（{size}）",
};
export const damage: Words = { en: "{what}: pack {pack} {chat}", zh: "{what}：包 {pack} {chat}" };
export const damages: Readonly<Record<Damage["what"], Words>> = {
  "missing-pack": { en: "a pack is missing", zh: "缺少一个包" },
  "short-pack": { en: "a pack is too short", zh: "一个包不完整" },
  "damaged-object": { en: "an object is damaged", zh: "一个对象已损坏" },
  "damaged-list": { en: "a list is damaged", zh: "一个清单已损坏" },
  "wrong-log": { en: "a chat's messages are not what they were", zh: "一个聊天的消息与写入时不符" },
  "missing-head": { en: "a version is missing from the chain", zh: "版本链中缺少一个版本" },
  "second-tip": { en: "there are two newest versions", zh: "存在两个最新版本" },
  "wrong-content": { en: "the whole is not what was signed", zh: "整体内容与签名不符" },
};
export const unknownPacks: Words = {
  en: "{n} packs belong to nothing: left by an interrupted run. `keepsake prune` takes them away.",
  zh: "有 {n} 个包不属于任何版本，是中断的操作留下的，可用 `keepsake prune` 清理。",
};
export const rehearsed: Words = {
  en: "Restored into nothing and compared: {messages} messages in {chats} chats, {files} attachments ({size}).",
  zh: "已演练恢复并比对：{chats} 个聊天、{messages} 条消息、{files} 个附件（{size}）。",
};
export const rehearsedWell: Words = { en: "All came out as it went in.", zh: "全部与存入时一致。" };
export const failedChat: Words = { en: "  {chat}: did not come out whole", zh: "  {chat}：未能完整恢复" };
export const planVersions: Words = {
  en: "{forget} versions would be forgotten, {keep} kept:",
  zh: "将遗忘 {forget} 个版本，保留 {keep} 个：",
};
export const uniqueVersions: Words = {
  en: "Kept all the same, because they hold messages that no other kept version holds: {numbers}. With --also-unique they go too.",
  zh: "以下版本含有其他保留版本都没有的消息，仍会保留：{numbers}。加 --also-unique 才会一并遗忘。",
};
export const reallyVersions: Words = { en: "Forget {n} versions?", zh: "要遗忘这 {n} 个版本吗？" };
export const versionsForgotten: Words = {
  en: "Forgotten. `keepsake undo` takes this back as long as it is the last step: the next backup, prune or other change ends that. `keepsake prune` frees the room.",
  zh: "已遗忘。只要这仍是最后一步，就可用 `keepsake undo` 撤销；之后一旦有备份、清理或其他改动，就无法再撤销。用 `keepsake prune` 腾出空间。",
};
export const planChat: Words = {
  en: "  {chat}: {messages} messages, {files} attachments",
  zh: "  {chat}：{messages} 条消息，{files} 个附件",
};
export const reallyChats: Words = {
  en: "Forget {n} chats in every version? After the next prune nobody can bring them back.",
  zh: "要在所有版本中遗忘这 {n} 个聊天吗？下一次清理之后将无法找回。",
};
export const chatsForgotten: Words = {
  en: "Forgotten in every version. `keepsake undo` takes this back as long as it is the last step: the next backup, prune or other change ends that. Other copies still hold them until `keepsake copy`.",
  zh: "已在所有版本中遗忘。只要这仍是最后一步，就可用 `keepsake undo` 撤销；之后一旦有备份、清理或其他改动，就无法再撤销。其他副本在运行 `keepsake copy` 之前仍保留。",
};
export const statesForgotten: Words = {
  en: "{size} of kept folders were in no other version: the next prune frees them.",
  zh: "已保存文件夹中有 {size} 只属于这些旧版本：下一次清理会释放它们。",
};
export const reallyFolders: Words = {
  en: "Forget {n} kept folders with all their versions? After the next prune nobody can bring them back.",
  zh: "要遗忘这 {n} 个已保存的文件夹及其所有版本吗？下一次清理之后将无法找回。",
};
export const foldersForgotten: Words = {
  en: "Forgotten with all versions. `keepsake undo` takes this back as long as it is the last step: the next backup, prune or other change ends that. Other copies still hold them until `keepsake copy`.",
  zh: "已连同所有版本一并遗忘。只要这仍是最后一步，就可用 `keepsake undo` 撤销；之后一旦有备份、清理或其他改动，就无法再撤销。其他副本在运行 `keepsake copy` 之前仍保留。",
};
export const planMessages: Words = {
  en: "  {chat}: {messages} messages of {first} to {last}, {files} files ({size})",
  zh: "  {chat}：{first} 至 {last} 的 {messages} 条消息，{files} 个文件（{size}）",
};
export const planKinds: Words = {
  en: "{messages} messages in {chats} chats go, from every version, with {files} attachments ({size}) that nothing else uses. What was sent before {until} and fits is not brought back by a backup.",
  zh: "将从所有版本中移除 {chats} 个聊天的 {messages} 条消息，以及不再被使用的 {files} 个附件（{size}）。{until} 之前发送且符合条件的消息，以后的备份也不会再带回。",
};
export const reallyMessages: Words = {
  en: "Forget {messages} messages in every version? After the next prune nobody can bring them back.",
  zh: "要在所有版本中遗忘这 {messages} 条消息吗？下一次清理之后将无法找回。",
};
export const messagesForgotten: Words = {
  en: "Forgotten in every version. `keepsake undo` takes this back as long as it is the last step: the next backup, prune or other change ends that. Other copies still hold them.",
  zh: "已在所有版本中遗忘。只要这仍是最后一步，就可用 `keepsake undo` 撤销；之后一旦有备份、清理或其他改动，就无法再撤销。其他副本仍保留。",
};
export const planPrune: Words = {
  en: "{remove} packs ({removeSize}) can be removed now; {giveUp} more ({giveUpSize}) are given up and wait a week; {waiting} are waiting.",
  zh: "现在可移除 {remove} 个包（{removeSize}）；另有 {giveUp} 个（{giveUpSize}）将作废并等待一周；{waiting} 个正在等待。",
};
export const planRepack: Words = {
  en: "{repack} packs hold mostly what nothing needs: the rest of them is written anew, which frees {size} after the same wait.",
  zh: "有 {repack} 个包的内容大多已不需要：其余部分会重新写入新包，等待期过后可再腾出 {size}。",
};
export const reallyPrune: Words = { en: "Do it?", zh: "执行吗？" };
export const pruned: Words = { en: "Done. {size} were freed.", zh: "完成，腾出 {size}。" };
export const planUndo: Words = {
  en: "The last step was: {verb}, {time}. Taken back, the vault shows {to} messages instead of {from}.",
  zh: "上一步是：{verb}（{time}）。撤销后，消息数由 {from} 变为 {to}。",
};
export const reallyUndo: Words = { en: "Take it back?", zh: "要撤销吗？" };
export const undone: Words = {
  en: "Taken back, as a new version. `keepsake undo` again brings it back.",
  zh: "已撤销，并生成新版本。再次运行 `keepsake undo` 可恢复。",
};
export const nothingToCompact: Words = {
  en: "There is nothing to fold together ({n} small backups).",
  zh: "没有需要整理的内容（{n} 次小备份）。",
};
export const wouldCompact: Words = {
  en: "{n} small backups would be folded together.",
  zh: "将整理 {n} 次小备份。",
};
export const compacted: Words = {
  en: "{n} small backups were folded together. The content is the same.",
  zh: "已整理 {n} 次小备份，内容不变。",
};
