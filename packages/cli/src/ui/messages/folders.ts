import type { FolderDifference } from "@keepsake/core/history";
import type { Words } from "../language.ts";

export const kept: Words = {
  en: "The folder is kept: {files} files, {size}. New: {added}, changed: {changed}, gone: {removed}; {stored} were stored.",
  zh: "文件夹已保存：{files} 个文件，共 {size}。新增 {added}，变化 {changed}，消失 {removed}；写入 {stored}。",
};
export const wechatKeeps: Words = {
  en: "We keep it, WeChat restores it: it cannot be searched here.",
  zh: "我们负责保存，由微信负责恢复：其中的内容无法在这里搜索。",
};
export const columns: Readonly<
  Record<"folder" | "format" | "files" | "size" | "newest" | "digest" | "checked", Words>
> = {
  folder: { en: "Kept folder", zh: "保存的文件夹" },
  format: { en: "Format", zh: "格式" },
  files: { en: "Files", zh: "文件" },
  size: { en: "Size", zh: "大小" },
  newest: { en: "Newest file", zh: "最新文件" },
  digest: { en: "Digest", zh: "摘要" },
  checked: { en: "Read back", zh: "回读核对" },
};
export const none: Words = { en: "No folder is kept in the vault yet.", zh: "保险库中还没有保存文件夹。" };
export const holds: Words = {
  en: "The vault holds {n} folders as they are: {files} files, {size} (version {head}).",
  zh: "保险库按原样保存着 {n} 个文件夹：{files} 个文件，共 {size}（版本 {head}）。",
};
export const putBack: Words = {
  en: "{name}: {files} files, {size}, are in {place}.",
  zh: "{name}：{files} 个文件，共 {size}，已写入 {place}。",
};
export const compared: Words = {
  en: "Read back and compared: names, sizes, times and every byte are what they were.",
  zh: "已回读比对：名称、大小、时间和每个字节都与保存时一致。",
};
export const differs: Readonly<Record<FolderDifference["what"] | "unreadable", Words>> = {
  missing: { en: "  {n} files are not there", zh: "  {n} 个文件不在其中" },
  "missing-folder": { en: "  {n} empty folders are not there", zh: "  {n} 个空文件夹不在其中" },
  size: { en: "  {n} files have another size", zh: "  {n} 个文件大小不同" },
  content: {
    en: "  {n} files hold other bytes: the disk may be failing",
    zh: "  {n} 个文件内容不同：磁盘可能有故障",
  },
  time: {
    en: "  {n} files bear another time: this disk keeps times less exactly",
    zh: "  {n} 个文件的时间不同：此磁盘记录时间的精度较低",
  },
  unreadable: {
    en: "  {n} files could not be put back: run `keepsake check`, or choose a disk that takes their names",
    zh: "  {n} 个文件无法写回：请运行 `keepsake check`，或换一个能使用这些文件名的磁盘",
  },
};
export const wechatNext: Words = {
  en: "Now WeChat itself brings it to a phone; how is in docs/formats/wechat.md, “Back to a phone”:\n  1. Put this folder where WeChat on this computer keeps its backups (its settings name the place), with WeChat closed.\n  2. Open WeChat, sign in with the same account, and choose to restore chat history to the phone.\n  3. Confirm on the phone, both in the same network, and keep the screen on until it says that it is done.",
  zh: "接下来由微信把它恢复到手机；详见 docs/formats/wechat.md 的 “Back to a phone” 一节：\n  1. 先关闭微信，把此文件夹放到电脑版微信保存备份的位置（可在其设置中查看）。\n  2. 打开微信，登录同一账号，选择“恢复聊天记录至手机”。\n  3. 在手机上确认；手机与电脑须在同一网络，恢复完成前请保持屏幕常亮。",
};
export const planForget: Words = {
  en: "  {name}: {files} files, {size}, in every version",
  zh: "  {name}：{files} 个文件，共 {size}，包括所有版本",
};
