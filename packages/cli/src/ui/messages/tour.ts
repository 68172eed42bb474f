import type { Words } from "../language.ts";

export const welcome: Words = {
  en: "Keepsake keeps your chat history: sealed, complete, searchable, yours to take away.\nThis tour uses an invented history of two phones and a PC, in a folder that goes when it ends. Nothing of yours is touched, and nothing leaves this machine.",
  zh: "念存替你保管聊天记录：加密、完整、可搜索、随时可带走。\n本次演示使用虚构的聊天记录（两部手机和一台电脑），都放在临时文件夹里，结束后删除。不会动你的任何东西，也不会有任何内容离开这台机器。",
};
export const begin: Words = { en: "Press Enter to begin. ", zh: "按回车开始。" };
export const goOn: Words = { en: "Press Enter to go on. ", zh: "按回车继续。" };
export const lost: Words = {
  en: "(The tour has deleted the phone's key.)",
  zh: "（演示已删除手机上的密钥。）",
};
export const kept: Words = { en: "\nEverything is left in {folder}.", zh: "\n所有内容保留在 {folder}。" };
export const tidied: Words = { en: "\nThe tour's folder is gone again.", zh: "\n演示用的文件夹已删除。" };
export const farewell: Words = {
  en: "Your own: keepsake init FOLDER, then keepsake backup EXPORT. All commands: keepsake help",
  zh: "开始使用：keepsake init 文件夹，然后 keepsake backup 导出的文件夹。全部命令：keepsake help",
};
