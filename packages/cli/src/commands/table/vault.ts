import {
  chat,
  dryRun,
  expired,
  keepS3Credentials,
  kind,
  kitFile,
  limitRate,
  period,
  snapshot,
  wordsLanguage,
  yes,
  type CommandSpec,
  type OptionSpec,
} from "../spec.ts";
import type { Words } from "../../ui/language.ts";

/** How a source is read. */
export const readingOptions: readonly OptionSpec[] = [
  [
    "--format <format>",
    {
      en: "jsonl, telegram, chatlab, wechat-ios or wechat-official, where it is not found out; folder keeps any folder as it is",
      zh: "无法自动识别时指定：jsonl、telegram、chatlab、wechat-ios 或 wechat-official；folder 表示按原样保存任意文件夹",
    },
  ],
  [
    "--quiet-time <seconds>",
    {
      en: "how long nothing must have been written into a folder that is kept as it is (30)",
      zh: "按原样保存文件夹前，须多少秒没有写入（30）",
    },
  ],
  [
    "--me <account>",
    {
      en: "your own account, where the source does not say, or has several",
      zh: "来源中未写明或有多个账号时，指定你自己的账号",
    },
  ],
  [
    "--backup-password-file <file>",
    {
      en: "a file with the password of a protected phone backup (KEEPSAKE_BACKUP_PASSWORD_FILE)",
      zh: "含受保护手机备份密码的文件（KEEPSAKE_BACKUP_PASSWORD_FILE）",
    },
  ],
  [
    "--time-zone <zone>",
    {
      en: "zone of times that name none, such as Asia/Shanghai",
      zh: "未标时区的时间所在时区，如 Asia/Shanghai",
    },
  ],
];

const sourceOptions: readonly OptionSpec[] = [
  ...readingOptions,
  ["--reread", { en: "read the source even if nothing in it changed", zh: "即使来源没有变化也重新读取" }],
  [
    "--no-sync",
    {
      en: "leave the other copies as they are; `sync` makes them level",
      zh: "不更新其他副本；之后可用 `sync` 补齐",
    },
  ],
  [
    "--accept-shrink",
    {
      en: "the source shows less on purpose: mark what is gone, keep it all",
      zh: "来源变少是有意的：标记已消失的内容，全部保留",
    },
  ],
  dryRun,
];

const outOptions: readonly OptionSpec[] = [
  chat,
  ...period,
  kind,
  snapshot,
  expired,
  [
    "--text-first",
    {
      en: "all text first, so that it can be read at once; attachments after",
      zh: "先写出全部文字以便立即阅读，再写附件",
    },
  ],
  [
    "--playable",
    {
      en: "voices and pictures that only WeChat opens also as WAV and PNG, beside the originals",
      zh: "只有微信能打开的语音和图片，另存为 WAV 和 PNG，放在原文件旁",
    },
  ],
  dryRun,
];

const secondCopy: Words = {
  en: "the folder or bucket of the second copy",
  zh: "第二份副本所在的文件夹或存储桶",
};

/** What makes, fills, empties and copies a vault. */
export const vaultCommands: readonly CommandSpec[] = [
  {
    name: "init",
    args: "[store]",
    summary: {
      en: "make a vault in an empty folder, or in a bucket",
      zh: "在空文件夹或存储桶中新建保险库",
    },
    options: [
      kitFile,
      wordsLanguage,
      [
        "--device-name <name>",
        { en: "what this device is called in the vault", zh: "本设备在保险库中的名称" },
      ],
      ["--with-password", { en: "also set a password", zh: "同时设置密码" }],
      ["--new-password-file <file>", { en: "the password's file", zh: "存放该密码的文件" }],
      keepS3Credentials,
    ],
    examples: [
      "keepsake init /media/usb/vault --kit-file kit.html",
      "keepsake init ~/Keepsake --with-password",
      'keepsake init "s3://my-vault?endpoint=https://s3.example.org"',
    ],
    load: () => import("../vault/init.ts"),
  },
  {
    name: "backup",
    args: "<source>",
    summary: { en: "bring an export's chats into the vault", zh: "把导出的聊天记录存入保险库" },
    options: [
      [
        "--name <name>",
        { en: "what the source is called: the same name each time", zh: "来源的名称：每次请用同一个" },
      ],
      ...sourceOptions,
      limitRate,
    ],
    examples: [
      'keepsake backup ~/Downloads/ChatExport --name "my phone"',
      'keepsake backup "WeChat Files/BackupFiles" --format wechat-official --name "WeChat on my PC"',
      "keepsake backup result.json --dry-run",
    ],
    load: () => import("../vault/backup.ts"),
  },
  {
    name: "merge",
    args: "[source]",
    summary: {
      en: "bring in another export, or a copy that was written to meanwhile",
      zh: "并入另一份导出，或分开后各自写入过的副本",
    },
    options: [
      [
        "--from <store>",
        { en: "a second copy of this vault that went its own way", zh: "与本保险库分叉的第二份副本" },
      ],
      ["--name <name>", { en: "what this other source is called", zh: "这个来源的名称" }],
      ...sourceOptions,
      yes,
    ],
    examples: [
      'keepsake merge ~/Downloads/pc-export --name "office PC"',
      "keepsake merge --from /media/usb/vault",
    ],
    load: () => import("../vault/merge.ts"),
  },
  {
    name: "restore",
    args: "<folder>",
    summary: { en: "write everything back out, and prove it", zh: "完整恢复到文件夹，并给出核对结果" },
    options: [
      ["--folder <name>", { en: "only this kept folder, as it was", zh: "只恢复这个按原样保存的文件夹" }],
      ...outOptions,
    ],
    examples: [
      "keepsake restore ~/restored",
      'keepsake restore ~/mum --chat "妈妈" --from 2024-01-01',
      'keepsake restore ~/BackupFiles --folder "WeChat on my PC"',
    ],
    load: () => import("../vault/restore.ts"),
  },
  {
    name: "export",
    args: "<folder>",
    summary: { en: "write chats in a format of your choice", zh: "以指定格式导出聊天" },
    options: [
      ["--format <format>", { en: "jsonl, chatlab or telegram", zh: "jsonl、chatlab 或 telegram" }],
      ...outOptions,
    ],
    examples: [
      "keepsake export ~/out --format chatlab",
      "keepsake export ~/out --format telegram --until 2020-01-01",
    ],
    load: () => import("../vault/export.ts"),
  },
  {
    name: "copy",
    summary: {
      en: "keep a second copy of the vault, each healing the other",
      zh: "保留第二份副本，两份互相修复",
    },
    options: [["--to <store>", secondCopy], keepS3Credentials, dryRun],
    examples: [
      "keepsake copy --to /media/usb/vault",
      'keepsake copy --to "s3://my-vault?endpoint=https://s3.example.org"',
    ],
    load: () => import("../vault/copy.ts"),
  },
  {
    name: "repair",
    summary: { en: "put back what is damaged, from a second copy", zh: "用第二份副本修复损坏的部分" },
    options: [["--from <store>", secondCopy]],
    examples: ["keepsake repair --from /media/usb/vault"],
    load: () => import("../vault/repair.ts"),
  },
];
