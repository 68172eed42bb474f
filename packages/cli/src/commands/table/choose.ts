import { chat, dryRun, kind, period, type CommandSpec } from "../spec.ts";
import { readingOptions } from "./vault.ts";

/** What is worth keeping, chosen before it is stored. */
export const chooseCommands: readonly CommandSpec[] = [
  {
    name: "choose from",
    args: "<source>",
    summary: {
      en: "look through a source, and choose what of it not to keep",
      zh: "查看来源，选择其中哪些不保存",
    },
    options: [
      [
        "--accept <proposal...>",
        {
          en: "leave these out without asking: pushes, silentGroups, largeFiles, stickers",
          zh: "不询问，直接略去：pushes、silentGroups、largeFiles、stickers",
        },
      ],
      ...readingOptions,
    ],
    examples: [
      "keepsake choose from ~/Library/Application\\ Support/MobileSync/Backup",
      "keepsake choose from ~/Downloads/ChatExport --accept largeFiles",
    ],
    load: () => import("../choose/from.ts"),
  },
  {
    name: "choose list",
    summary: { en: "what backups leave out, and how much that was", zh: "查看备份略去了什么、多少" },
    examples: ["keepsake choose list"],
    load: () => import("../choose/list.ts"),
  },
  {
    name: "choose add",
    summary: { en: "leave something out of every later backup", zh: "今后的备份都不保存某些内容" },
    options: [
      chat,
      [
        "--chat-kind <kind...>",
        { en: "only these kinds of chat, such as group, channel", zh: "只限这些聊天类型，如 group、channel" },
      ],
      kind,
      ...period,
      [
        "--files-over <size>",
        { en: "only files of more than this, such as 50MB", zh: "只限超过此大小的文件，如 50MB" },
      ],
      ["--files-only", { en: "keep the messages, leave out their files", zh: "保存消息，略去其中的文件" }],
      dryRun,
    ],
    examples: [
      "keepsake choose add --chat-kind channel",
      'keepsake choose add --chat "广告群" --files-only',
      "keepsake choose add --files-over 200MB",
    ],
    load: () => import("../choose/add.ts"),
  },
  {
    name: "choose remove",
    args: "<id...>",
    summary: { en: "keep again what a choice left out", zh: "取消某项选择，重新保存" },
    examples: ["keepsake choose remove 1f2e3d4c"],
    load: () => import("../choose/remove.ts"),
  },
];
