import type { Words } from "../ui/language.ts";
import { exportNames } from "./sources.ts";

/** One stop of the tour: what is said, and the commands that a person would type there. */
export interface Step {
  readonly name: string;
  readonly title: Words;
  readonly text: Words;
  readonly commands: readonly StepCommand[];
  /** What happens to the device before the commands. */
  readonly event?: "lose-phone";
}

interface StepCommand {
  readonly args: readonly string[];
  /** How it ends; 0 if absent. */
  readonly exit?: number;
}

const { phoneA, phoneB, pc } = exportNames;
/** Stands for the title of a chat of the invented history. */
export const CHAT = "{chat}";

const typed = (...args: string[]): StepCommand => ({ args });

/** From an empty folder to a proven restore on another phone. */
export const steps: readonly Step[] = [
  {
    name: "init",
    title: { en: "A vault", zh: "新建保险库" },
    text: {
      en: "A vault is a folder: on this disk, a USB stick, a NAS. All that goes in is sealed with keys that only you have. The 24 recovery words go onto a kit that you print.",
      zh: "保险库就是一个文件夹：可以在本机、U 盘或 NAS 上。存入的一切都用只有你持有的密钥加密。24 个恢复口令词写在一张可打印的恢复卡上。",
    },
    commands: [typed("init", "vault", "--kit-file", "kit.txt", "--device-name", "phone A")],
  },
  {
    name: "backup-a",
    title: { en: "The first phone", zh: "第一部手机" },
    text: {
      en: "An export of the first phone's chats is read, sealed and stored. The table is made from what the store gives back, not from what was meant to be written.",
      zh: "读取第一部手机导出的聊天记录，加密后存入。下表是从存储中回读得出的，而不是写入时的计划。",
    },
    commands: [typed("backup", phoneA, "--name", "phone")],
  },
  {
    name: "backup-b",
    title: { en: "The second phone, a day later", zh: "一天后，第二部手机" },
    text: {
      en: "The new phone shows most of the same messages, some new ones, and lacks a few that were recalled or deleted. Only what is new is stored, and nothing that was kept goes away.",
      zh: "新手机上大部分消息相同，有一些新消息，也少了几条被撤回或删除的。只存入新的内容，已保存的一条也不会少。",
    },
    commands: [typed("backup", phoneB, "--name", "phone")],
  },
  {
    name: "merge",
    title: { en: "The PC's export joins", zh: "并入电脑上的导出" },
    text: {
      en: "Another app, another format, the same vault. Had both the same messages, each would still be there once.",
      zh: "另一个应用、另一种格式，同一个保险库。即使两边有相同的消息，也只会保存一份。",
    },
    commands: [typed("merge", pc, "--name", "office PC"), typed("snapshots")],
  },
  {
    name: "look",
    title: { en: "Looking", zh: "浏览" },
    text: {
      en: "What is in the vault, and the end of one chat.",
      zh: "看看保险库里有什么，以及其中一个聊天的末尾。",
    },
    commands: [typed("chats"), typed("show", CHAT, "--limit", "8")],
  },
  {
    name: "search",
    title: { en: "Searching", zh: "搜索" },
    text: {
      en: "Any text of one character or more, in all chats at once; simplified or traditional, wide or narrow does not matter.",
      zh: "一个字也能搜，所有聊天一起搜；繁简、全角半角都不影响。",
    },
    commands: [typed("search", "快樂", "--limit", "5"), typed("search", "weekend", "--limit", "3")],
  },
  {
    name: "lose",
    title: { en: "The phone is lost", zh: "手机丢了" },
    text: {
      en: "The device's key is gone. The vault is still on the stick, and opens for nobody who has neither words nor password nor device: that is what the next command shows.",
      zh: "设备上的密钥没有了。保险库还在 U 盘上，但没有恢复口令、密码或设备的人都打不开。下面这条命令证明这一点。",
    },
    event: "lose-phone",
    commands: [{ args: ["chats", "--store", "vault"], exit: 12 }],
  },
  {
    name: "restore",
    title: { en: "Restoring on a new phone", zh: "在新手机上恢复" },
    text: {
      en: "The words of the kit open it. Everything comes out in an open format, and is read back and compared, message by message and file by file.",
      zh: "用恢复卡上的口令打开。全部内容以开放格式写出，再逐条消息、逐个文件回读比对。",
    },
    commands: [typed("restore", "restored", "--store", "vault", "--words-file", "kit.txt")],
  },
  {
    name: "prove",
    title: { en: "The new phone takes over, and every byte is checked", zh: "新手机接手，并检查每一个字节" },
    text: {
      en: "The new phone becomes one of the vault's devices. A full check opens every object of every version and counts every message again; doctor says what a person should still do.",
      zh: "新手机成为保险库的设备之一。完整检查会打开所有版本的每个对象，并重新清点每条消息；doctor 会说明还应该做什么。",
    },
    commands: [
      typed("keys", "join", "--words-file", "kit.txt", "--device-name", "new phone"),
      typed("check", "--level", "full"),
      typed("doctor"),
    ],
  },
];
