import type { Run } from "../context.ts";
import type { Words } from "../ui/language.ts";

/** An option: its flags as commander reads them, and what it does. */
export type OptionSpec = readonly [flags: string, words: Words];

/** What the command line knows of a command before its code is loaded. */
export interface CommandSpec {
  /** One word, or two for a command of a group. */
  readonly name: string;
  /** Arguments as commander reads them, such as `<source>`. */
  readonly args?: string;
  readonly summary: Words;
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: Run }>;
}

export const dryRun: OptionSpec = [
  "--dry-run",
  { en: "say what would be done, and do nothing", zh: "只说明将要做什么，不实际执行" },
];
export const yes: OptionSpec = ["--yes", { en: "do not ask", zh: "不再询问，直接执行" }];
export const chat: OptionSpec = [
  "--chat <chat...>",
  { en: "only these chats: titles or ids", zh: "只限这些聊天：名称或编号" },
];
export const period: readonly OptionSpec[] = [
  ["--from <day>", { en: "from this day on, such as 2024-05-01", zh: "从这一天起，如 2024-05-01" }],
  ["--until <day>", { en: "before this day", zh: "到这一天之前" }],
];
export const kind: OptionSpec = [
  "--kind <kind...>",
  {
    en: "only these kinds of message, such as text, image, voice",
    zh: "只限这些消息类型，如 text、image、voice",
  },
];
export const snapshot: OptionSpec = [
  "--snapshot <number>",
  { en: "an earlier version, as `snapshots` lists them", zh: "使用较早的版本，编号见 `snapshots`" },
];
export const limitRate: OptionSpec = [
  "--limit-rate <bytes>",
  { en: "at most so many bytes a second to and from the store", zh: "每秒最多读写存储多少字节" },
];
export const expired: OptionSpec = [
  "--include-expired",
  { en: "also what was meant to be seen once or is past its time", zh: "包括阅后即焚和已过期的内容" },
];
export const keepS3Credentials: OptionSpec = [
  "--keep-s3-credentials",
  {
    en: "keep the bucket's access key on this device, without asking",
    zh: "不再询问，直接在本设备上保存存储桶的访问密钥",
  },
];
export const kitFile: OptionSpec = [
  "--kit-file <file>",
  {
    en: "write the recovery kit: .html to print, .txt as text",
    zh: "写出恢复卡：.html 用于打印，.txt 为纯文本",
  },
];
export const wordsLanguage: OptionSpec = [
  "--words-language <language>",
  { en: "language of the recovery words: en or zh", zh: "恢复口令的语言：en 或 zh" },
];

export const loginPasswordFile: OptionSpec = [
  "--login-password-file <file>",
  {
    en: "a file with the login password (KEEPSAKE_LOGIN_PASSWORD_FILE)",
    zh: "含登录密码的文件（KEEPSAKE_LOGIN_PASSWORD_FILE）",
  },
];
export const totp: OptionSpec = [
  "--totp <code>",
  { en: "the code of your authenticator app", zh: "身份验证器的验证码" },
];
