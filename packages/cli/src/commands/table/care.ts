import {
  chat,
  type CommandSpec,
  dryRun,
  keepS3Credentials,
  kind,
  limitRate,
  type OptionSpec,
  period,
  yes,
} from "../spec.ts";

const keep = (name: string, en: string, zh: string): OptionSpec => [`--keep-${name} <count>`, { en, zh }];

/** What keeps a vault well, and what removes something from it. */
export const careCommands: readonly CommandSpec[] = [
  {
    name: "check",
    summary: { en: "see whether all is there and as it was written", zh: "检查内容是否齐全、未被改动" },
    options: [
      [
        "--level <level>",
        { en: "structure, sample (as it is) or full", zh: "structure、sample（默认）或 full" },
      ],
      [
        "--share <number/of>",
        {
          en: "in full, but one share of the packs and chats, such as 1/30",
          zh: "完整检查，但只查其中一份，如 1/30",
        },
      ],
      limitRate,
    ],
    examples: ["keepsake check", "keepsake check --level full", "keepsake check --share 7/30"],
    load: () => import("../care/check.ts"),
  },
  {
    name: "rehearse",
    summary: {
      en: "restore a random sample into nothing, and compare",
      zh: "演练：随机抽样恢复并核对，不写出文件",
    },
    options: [
      ["--messages <count>", { en: "about how many messages (20000)", zh: "大约多少条消息（20000）" }],
      limitRate,
    ],
    examples: ["keepsake rehearse"],
    load: () => import("../care/rehearse.ts"),
  },
  {
    name: "forget",
    summary: {
      en: "give up old versions; or chats, kinds, periods in every version",
      zh: "放弃旧版本，或在所有版本中遗忘某些聊天、类型或时段",
    },
    options: [
      keep("last", "keep the newest so many", "保留最新的若干个"),
      keep("daily", "keep one of each of so many days", "按天各保留一个，共若干天"),
      keep("monthly", "keep one of each of so many months", "按月各保留一个，共若干月"),
      keep("yearly", "keep one of each of so many years", "按年各保留一个，共若干年"),
      [
        "--also-unique",
        {
          en: "also versions that hold what no kept one holds",
          zh: "连同含有独有内容的版本一并遗忘",
        },
      ],
      chat,
      kind,
      ...period,
      [
        "--folder <name...>",
        { en: "these kept folders, with all versions", zh: "这些已保存的文件夹，包括所有版本" },
      ],
      dryRun,
      yes,
    ],
    examples: [
      "keepsake forget --keep-daily 7 --keep-monthly 12 --dry-run",
      "keepsake forget --kind sticker --dry-run",
      'keepsake forget --chat "广告群"',
    ],
    load: () => import("../care/forget.ts"),
  },
  {
    name: "prune",
    summary: {
      en: "free the room of what was forgotten, after a week",
      zh: "清理已遗忘的内容以腾出空间（一周后生效）",
    },
    options: [
      ["--quarantine-days <days>", { en: "days that things wait (7)", zh: "等待的天数（7）" }],
      dryRun,
      yes,
    ],
    examples: ["keepsake prune --dry-run", "keepsake prune --yes"],
    load: () => import("../care/prune.ts"),
  },
  {
    name: "undo",
    summary: {
      en: "take the last backup, merge, forget or prune back",
      zh: "撤销上一次备份、合并、遗忘或清理",
    },
    options: [dryRun, yes],
    examples: ["keepsake undo --dry-run", "keepsake undo"],
    load: () => import("../care/undo.ts"),
  },
  {
    name: "compact",
    summary: {
      en: "fold many small backups together; nothing is lost",
      zh: "把多次小备份整理在一起，内容不变",
    },
    options: [["--full", { en: "fold all of them", zh: "全部整理" }], dryRun],
    examples: ["keepsake compact"],
    load: () => import("../care/compact.ts"),
  },
  {
    name: "doctor",
    summary: { en: "look at the store, the keys and this machine", zh: "检查存储、密钥和本机状态" },
    options: [keepS3Credentials],
    examples: ["keepsake doctor"],
    load: () => import("../care/doctor.ts"),
  },
];
