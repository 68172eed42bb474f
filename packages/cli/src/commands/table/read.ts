import { chat, expired, kind, period, snapshot, yes, type CommandSpec } from "../spec.ts";

/** What looks into a vault. */
export const readCommands: readonly CommandSpec[] = [
  {
    name: "chats",
    summary: { en: "list the chats", zh: "列出聊天" },
    options: [snapshot],
    examples: ["keepsake chats", "keepsake chats --json"],
    load: () => import("../read/chats.ts"),
  },
  {
    name: "folders",
    summary: { en: "list the folders that are kept as they are", zh: "列出按原样保存的文件夹" },
    options: [snapshot],
    examples: ["keepsake folders"],
    load: () => import("../read/folders.ts"),
  },
  {
    name: "sources",
    summary: { en: "list where the history came from, and when", zh: "列出聊天记录的来源和备份时间" },
    options: [snapshot],
    examples: ["keepsake sources"],
    load: () => import("../read/sources.ts"),
  },
  {
    name: "show",
    args: "<chat>",
    summary: { en: "read a chat", zh: "阅读一个聊天" },
    options: [
      ["--limit <count>", { en: "how many messages (50)", zh: "显示多少条消息（50）" }],
      ["--before <day>", { en: "the messages before this day", zh: "这一天之前的消息" }],
      [
        "--earlier",
        {
          en: "also what messages said before they were taken back or edited; asks first",
          zh: "同时显示消息撤回或修改之前的内容；会先询问",
        },
      ],
      yes,
      ["--around <day>", { en: "the messages around this day", zh: "这一天前后的消息" }],
      snapshot,
      expired,
    ],
    examples: ['keepsake show "妈妈"', "keepsake show Alice --around 2023-08-15 --limit 20"],
    load: () => import("../read/show.ts"),
  },
  {
    name: "search",
    args: "<text>",
    summary: { en: "find messages, the newest first", zh: "搜索消息，最新的在前" },
    options: [
      chat,
      ...period,
      [
        "--by <person>",
        { en: "only what this person wrote: a name or an id", zh: "只限此人所写：名称或编号" },
      ],
      kind,
      ["--limit <count>", { en: "how many hits (50)", zh: "显示多少条结果（50）" }],
      snapshot,
    ],
    examples: ['keepsake search "发票" --from 2024-01-01', "keepsake search station --by Alice --json"],
    load: () => import("../read/search.ts"),
  },
  {
    name: "snapshots",
    summary: { en: "list the versions of the vault", zh: "列出保险库的各个版本" },
    options: [["--limit <count>", { en: "how many (all)", zh: "显示多少个（全部）" }]],
    examples: ["keepsake snapshots --limit 10"],
    load: () => import("../read/snapshots.ts"),
  },
  {
    name: "diff",
    args: "<before> [after]",
    summary: { en: "what changed between two versions", zh: "两个版本之间的变化" },
    examples: ["keepsake diff 3", "keepsake diff 3 7"],
    load: () => import("../read/diff.ts"),
  },
];
