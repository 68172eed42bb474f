import type { Slot } from "@keepsake/core/vault";
import type { Words } from "../language.ts";

export const typeSecret: Words = {
  en: "Recovery words or password (they do not appear): ",
  zh: "请输入恢复口令或密码（不会显示）：",
};
export const typeWords: Words = {
  en: "Recovery words (they do not appear): ",
  zh: "请输入恢复口令（不会显示）：",
};
export const typeBackupPassword: Words = {
  en: "This phone backup is protected. Its backup password, set on the computer that made it (it does not appear): ",
  zh: "这份手机备份有密码保护。请输入在电脑上设置的备份密码（不会显示）：",
};
export const newPassword: Words = {
  en: "New password (empty for none): ",
  zh: "新密码（留空则不设）：",
};
export const passwordAgain: Words = { en: "Once more: ", zh: "再输入一次：" };
export const passwordsDiffer: Words = { en: "The two are not the same.", zh: "两次输入不一致。" };
export const deviceTakenOut: Words = {
  en: "This device was taken out of the vault. Open the vault with the words and use `keepsake keys join` to add it again.",
  zh: "本设备已从保险库移除。请用恢复口令打开，并用 `keepsake keys join` 重新加入。",
};
export const newAuthority: Words = {
  en: "Another of your devices has rescued this vault: it has new recovery words, and the old ones are void. If that was not you, take that device out with `keepsake keys revoke`.",
  zh: "你的另一台设备已抢救过该保险库：已换用新的恢复口令，旧的作废。如果不是你本人操作，请用 `keepsake keys revoke` 移除那台设备。",
};
export const wordsFollow: Words = {
  en: "These are your 24 recovery words. They are shown once, and kept nowhere. Write them down by hand, in this order:",
  zh: "这是你的 24 个恢复口令词，只显示这一次，不保存在任何地方。请按顺序手抄下来：",
};
export const writtenDown: Words = {
  en: "Press Enter when you have written them down; they are then taken off the screen.",
  zh: "抄好后按回车，它们将从屏幕上清除。",
};
export const typeBack: Words = { en: "Word number {place}: ", zh: "第 {place} 个词：" };
export const notThatWord: Words = {
  en: "That is not word number {place}. Look at what you wrote down.",
  zh: "这不是第 {place} 个词，请核对你抄写的内容。",
};
export const typedBack: Words = { en: "All three are right.", zh: "三个词都正确。" };
export const kitWritten: Words = {
  en: "The recovery kit is in the file that you named. Print it, then delete the file.",
  zh: "恢复卡已写入你指定的文件。请打印后删除该文件。",
};
export const wordsOpen: Words = {
  en: "These words open the vault.",
  zh: "这些恢复口令可以打开保险库。",
};
export const passwordSet: Words = { en: "The password is set.", zh: "密码已设置。" };
export const guardedSet: Words = {
  en: "The password is set. Guards limit how often it may be guessed: after ten wrong ones it opens nothing, and the recovery words do.",
  zh: "密码已设置，由守护服务限制尝试次数：连续猜错十次后失效，仍可用恢复口令打开。",
};
export const guardsRemember: Words = {
  en: "A guard could not be told to forget the password before; the vault does not open by it any more.",
  zh: "未能通知某个守护服务忘记旧密码；旧密码已不能打开保险库。",
};
export const triesLeft: Words = {
  en: "Wrong password. Tries left before it opens nothing any more: {n}.",
  zh: "密码不正确。还可尝试 {n} 次，之后该密码将失效。",
};
export const triesNotReset: Words = {
  en: "The password was right, but a guard could not be told so: the tries are not counted anew yet.",
  zh: "密码正确，但未能通知某个守护服务，尝试次数尚未重新计算。",
};
export const passwordRemoved: Words = { en: "The password is removed.", zh: "密码已移除。" };
export const wordsReplaced: Words = {
  en: "The recovery words are replaced: the old ones open nothing that is written from now on. Destroy the old kit.",
  zh: "恢复口令已更换：旧的无法再打开今后写入的内容。请销毁旧的恢复卡。",
};
export const reallyReplace: Words = {
  en: "Replace the recovery words? The old kit is void then.",
  zh: "要更换恢复口令吗？旧的恢复卡将作废。",
};
export const joined: Words = {
  en: "This device is added, as number {writer}. It may now write.",
  zh: "本设备已加入，编号 {writer}，现在可以写入。",
};
export const alreadyJoined: Words = {
  en: "This device is one of the vault's already.",
  zh: "本设备已在其中。",
};
export const reallyRevoke: Words = {
  en: "Take device {writer} out? It can then neither write nor read anything new. What it could read before, it has.",
  zh: "要移除设备 {writer} 吗？它将不能再写入，也读不到新内容；它以前能读到的仍在它手中。",
};
export const revoked: Words = {
  en: "Device {writer} is taken out, and the keys are new.",
  zh: "设备 {writer} 已移除，密钥已更换。",
};
export const reallyRescue: Words = {
  en: "Make new recovery words with this device's key? The old words and the password are void then; set a new password afterwards.",
  zh: "要用本设备的密钥生成新的恢复口令吗？旧的恢复口令和密码都将作废，之后请重新设置密码。",
};
export const rescued: Words = {
  en: "The vault has new recovery words. Your other devices will be told.",
  zh: "保险库已换用新的恢复口令，你的其他设备会收到提示。",
};
export const rotated: Words = {
  en: "New keys are in use. No message and no attachment was uploaded again.",
  zh: "新密钥已启用，没有重新上传任何消息或附件。",
};
export const slotNames: Readonly<Record<Slot["kind"], Words>> = {
  words: { en: "recovery words", zh: "恢复口令" },
  password: { en: "password", zh: "密码" },
  guarded: { en: "password that guards limit", zh: "由守护服务限制次数的密码" },
  passkey: { en: "passkey", zh: "通行密钥" },
  family: { en: "help of the family", zh: "家人协助" },
  device: { en: "device", zh: "设备" },
};
export const columns: Readonly<Record<"way" | "count" | "number" | "name" | "state", Words>> = {
  way: { en: "Way", zh: "方式" },
  count: { en: "Count", zh: "数量" },
  number: { en: "No.", zh: "编号" },
  name: { en: "Name", zh: "名称" },
  state: { en: "State", zh: "状态" },
};
export const thisDevice: Words = { en: "this device", zh: "本设备" };
export const takenOut: Words = { en: "taken out", zh: "已移除" };
export const mayWrite: Words = { en: "may write", zh: "可写入" };
export const typeKeyId: Words = {
  en: "Access key id for the bucket {bucket}: ",
  zh: "存储桶 {bucket} 的访问密钥 ID：",
};
export const typeKeySecret: Words = {
  en: "Its secret part (it does not appear): ",
  zh: "访问密钥的保密部分（不会显示）：",
};
export const keepKey: Words = {
  en: "Keep the access key of {bucket} on this device, in a file that only you can read? Without it, each command asks for it again.",
  zh: "要在本设备上保存 {bucket} 的访问密钥吗？文件只有你能读取。不保存则每次都需重新提供。",
};
export const keyKept: Words = { en: "The access key is kept.", zh: "访问密钥已保存。" };
export const typeLoginPassword: Words = {
  en: "Login password (it does not appear): ",
  zh: "登录密码（不会显示）：",
};
export const newLoginPassword: Words = {
  en: "A new login password, 8 characters or more (it does not appear). It only logs in and opens no vault: take another one than the vault's. ",
  zh: "新的登录密码，至少 8 个字符（不会显示）。它只用于登录，不能打开保险库，请勿与保险库的密码相同：",
};
export const askCode: Words = { en: "Code that was sent to {to}: ", zh: "发送到 {to} 的验证码：" };
