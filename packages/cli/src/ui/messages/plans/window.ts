import type { Words } from "../../language.ts";

export const all: Words = {
  en: "{plan}: it reaches back as far as your history does. There is nothing to do.",
  zh: "{plan}：保留全部记录，不限时间，无需处理。",
};
export const lifted: Words = {
  en: "What left by the window of an earlier plan is stored again by the next backup, as far as the source still has it.",
  zh: "因先前方案的期限而移除的内容，下次备份会重新存入（前提是来源中仍有）。",
};
export const unknown: Words = {
  en: "The server does not say how far back your plan reaches. Nothing was done.",
  zh: "服务器没有说明你的方案保留多久的记录。没有做任何改动。",
};
export const reaches: Words = {
  en: "{plan}: it reaches {days} days back, to {date}. Messages of which nobody knows the time stay. Chats that may be kept for ever: {most}.",
  zh: "{plan}：保留最近 {days} 天，即 {date} 起的记录。时间不详的消息会保留。可永久保留 {most} 个聊天。",
};
export const kept: Words = { en: "  kept for ever: {chat}", zh: "  永久保留：{chat}" };
export const nothing: Words = {
  en: "Nothing is older. There is nothing to do.",
  zh: "没有更早的内容，无需处理。",
};
export const onlyHere: Words = {
  en: "The server's copy may be the only one of these messages: a phone may have lost them long ago, and copies that are brought level with it (`keepsake sync`, the end of `keepsake backup`) lose them too. Whoever wants to keep them elsewhere does so first: `keepsake export FOLDER --store {place} --until {date}` writes them out, or `keepsake copy --store {place} --to FOLDER` on a disk that is unplugged afterwards. Nothing is ever taken out by itself, and no backup does this.",
  zh: "服务器上的副本可能是这些消息的唯一一份：手机上可能早已没有，与之同步的其他副本（`keepsake sync`，或 `keepsake backup` 结束时）也会一并移除。如需另存，请先操作：用 `keepsake export 文件夹 --store {place} --until {date}` 导出，或用 `keepsake copy --store {place} --to 文件夹` 复制到磁盘，之后拔下磁盘。不会自动移除任何内容，备份也不会这样做。",
};
export const done: Words = {
  en: "Forgotten in every version. `keepsake undo --store {place}` takes this back as long as it is the last step: the next backup, prune or other change of the vault ends that (`keepsake agent pause` holds backups off). `keepsake prune --store {place}` gives up the room; after a week, from {date} at the earliest, the same command frees it.",
  zh: "已在所有版本中遗忘。只要这仍是最后一步，就可用 `keepsake undo --store {place}` 撤销；之后一旦有备份、清理或其他改动，就无法再撤销（可用 `keepsake agent pause` 暂停自动备份）。`keepsake prune --store {place}` 会把空间标为待释放，一周后（最早 {date}）再运行一次即可腾出。",
};
export const levelNext: Words = {
  en: "Other copies of the vault still have it. Run `keepsake sync` before the next backup into one of them, or the copies go different ways and have to be merged.",
  zh: "保险库的其他副本中仍有这些内容。向其中任何一份备份之前，请先运行 `keepsake sync`，否则各副本会分叉，需要合并。",
};
