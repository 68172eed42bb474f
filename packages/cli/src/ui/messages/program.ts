import type { Words } from "../language.ts";

export const about: Words = {
  en: "Keepsake: the sealed, complete, searchable, movable store of your chat history.",
  zh: "念存：你的聊天记录，加密、完整、可搜索、可带走。",
};
/** Commands of two words, by the first. */
export const groups: Readonly<Record<string, Words>> = {
  choose: { en: "what backups leave out", zh: "备份时略去哪些内容" },
  keys: { en: "the keys of the vault", zh: "保险库的密钥" },
  agent: { en: "keep the vault up to date by itself", zh: "让保险库自动保持最新" },
};
export const usageTitle: Words = { en: "Usage:", zh: "用法：" };
export const optionsTitle: Words = { en: "Options:", zh: "选项：" };
export const commandsTitle: Words = { en: "Commands:", zh: "命令：" };
export const argumentsTitle: Words = { en: "Arguments:", zh: "参数：" };
export const globalTitle: Words = { en: "Options of every command:", zh: "所有命令通用的选项：" };
export const examplesTitle: Words = { en: "Examples:", zh: "示例：" };
export const helpOption: Words = { en: "show help", zh: "显示帮助" };
export const helpCommand: Words = { en: "show help of a command", zh: "显示某个命令的帮助" };
export const versionOption: Words = { en: "show the version", zh: "显示版本" };
export const moreHelp: Words = {
  en: "Help of one command: keepsake help COMMAND. Exit codes: docs/CLI.md.",
  zh: "查看某个命令：keepsake help 命令。退出码见 docs/CLI.md。",
};

/** Options that every command takes. */
export const globals: readonly (readonly [flags: string, words: Words])[] = [
  [
    "--store <store>",
    {
      en: "the vault's folder, or bucket as s3://BUCKET/FOLDER?endpoint=... (KEEPSAKE_STORE; else the last one used)",
      zh: "保险库所在文件夹，或存储桶 s3://存储桶/目录?endpoint=...（KEEPSAKE_STORE；否则为上次使用的）",
    },
  ],
  [
    "--words-file <file>",
    {
      en: "a file with the recovery words, or a kit (KEEPSAKE_WORDS_FILE)",
      zh: "含恢复口令的文件或恢复卡（KEEPSAKE_WORDS_FILE）",
    },
  ],
  [
    "--password-file <file>",
    { en: "a file with the password (KEEPSAKE_PASSWORD_FILE)", zh: "含密码的文件（KEEPSAKE_PASSWORD_FILE）" },
  ],
  [
    "--s3-credentials-file <file>",
    {
      en: "a file with the access key of a bucket (KEEPSAKE_S3_CREDENTIALS_FILE)",
      zh: "含存储桶访问密钥的文件（KEEPSAKE_S3_CREDENTIALS_FILE）",
    },
  ],
  [
    "--accept-older",
    {
      en: "open a copy even if it shows less than this device has seen",
      zh: "即使副本比本设备见过的旧也打开",
    },
  ],
  ["--json", { en: "events on stdout, one JSON object a line", zh: "在标准输出上逐行给出 JSON 事件" }],
  ["--lang <language>", { en: "en or zh", zh: "en 或 zh" }],
  ["--quiet", { en: "say only what must be known", zh: "只输出必要的信息" }],
  ["--no-color", { en: "no colours (NO_COLOR)", zh: "不使用颜色（NO_COLOR）" }],
];

/** What can stand wrong on a command line, by the problem's name. `{option}` is an option of ours. */
export const problems: Readonly<Record<string, Words>> = {
  "unknown-command": { en: "There is no such command.", zh: "没有这个命令。" },
  "unknown-option": { en: "There is no such option.", zh: "没有这个选项。" },
  "no-command": { en: "A command is missing.", zh: "缺少命令。" },
  "missing-argument": { en: "{option} is missing.", zh: "缺少 {option}。" },
  "missing-value": { en: "{option} wants a value.", zh: "{option} 需要一个值。" },
  "too-many": {
    en: "There are more words than the command takes; put texts with spaces in quotes.",
    zh: "参数过多；含空格的内容请加引号。",
  },
  "not-a-number": { en: "{option} wants a whole number.", zh: "{option} 需要一个整数。" },
  "not-a-size": { en: "{option} wants a size such as 50MB.", zh: "{option} 需要一个大小，如 50MB。" },
  "not-a-date": { en: "{option} wants a day such as 2024-05-01.", zh: "{option} 需要日期，如 2024-05-01。" },
  "not-one-of": {
    en: "{option} takes one of these: {known}.",
    zh: "{option} 可取以下值之一：{known}。",
  },
  "not-taken": {
    en: "{option} does not take this value; see the help.",
    zh: "{option} 不接受该值，请看帮助。",
  },
  missing: { en: "{option} is needed here.", zh: "这里需要 {option}。" },
  taken: { en: "{option} is taken already; choose another.", zh: "{option} 已被使用，请换一个。" },
  "not-watched": {
    en: "Nothing of that name is watched; see `keepsake agent list`.",
    zh: "没有监视该名称的来源，请看 `keepsake agent list`。",
  },
  "is-past": { en: "{option} is past already.", zh: "{option} 已经过去。" },
  "holds-the-vault": {
    en: "This folder holds the vault or the keys, or lies in the vault. Choose another.",
    zh: "该文件夹包含保险库或密钥，或位于保险库内。请另选一个。",
  },
  "not-together": {
    en: "{option} does not go with the other options that were given.",
    zh: "{option} 不能与其他给出的选项同用。",
  },
};
export const seeHelp: Words = { en: "See: keepsake help {command}", zh: "请看：keepsake help {command}" };
export const seeAllHelp: Words = { en: "See: keepsake help", zh: "请看：keepsake help" };
export const didYouMean: Words = { en: "Did you mean {name}?", zh: "你是想用 {name} 吗？" };
