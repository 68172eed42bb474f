import type { CodeEntry } from "./entry.ts";

export type CliCode =
  | "cli.usage"
  | "cli.partly"
  | "cli.not-confirmed"
  | "cli.no-store"
  | "cli.no-secret"
  | "cli.no-login-password"
  | "cli.no-code"
  | "cli.no-s3-key"
  | "cli.no-chat"
  | "cli.no-folder"
  | "cli.no-file"
  | "cli.folder-not-empty"
  | "cli.not-this-device";

export const cliCodes: Readonly<Record<CliCode, CodeEntry>> = {
  "cli.usage": {
    en: "The command was not understood.",
    zh: "无法理解该命令。",
    exit: 2,
    http: 400,
  },
  "cli.partly": {
    en: "Done in part: what is missing or needs a look is listed above.",
    zh: "只完成了一部分：缺少的或需要查看的已在上面列出。",
    exit: 3,
    http: 200,
  },
  "cli.not-confirmed": {
    en: "Nothing was changed: this needs your consent. Answer the question in a terminal, or add --yes.",
    zh: "没有做任何改动：此操作需要你确认。请在终端中回答，或加上 --yes。",
    exit: 13,
    http: 409,
  },
  "cli.no-store": {
    en: "Which vault is meant? Name its folder or bucket with --store, or make one with `keepsake init FOLDER`.",
    zh: "未指定保险库。请用 --store 指明所在文件夹或存储桶，或用 `keepsake init 文件夹` 新建。",
    exit: 2,
    http: 400,
  },
  "cli.no-secret": {
    en: "This needs the recovery words or the password. Type them in a terminal, or name a file with --words-file or --password-file.",
    zh: "此操作需要恢复口令或密码。请在终端中输入，或用 --words-file、--password-file 指定文件。",
    exit: 12,
    http: 403,
  },
  "cli.no-login-password": {
    en: "This needs the password that logs in to the server. Type it in a terminal, or name a file with --login-password-file.",
    zh: "此操作需要服务器的登录密码。请在终端中输入，或用 --login-password-file 指定文件。",
    exit: 12,
    http: 403,
  },
  "cli.no-code": {
    en: "This needs a code that is typed, and nobody can be asked. Run it in a terminal, or add `--code -` and write the code to standard input once it came.",
    zh: "此操作需要输入验证码，但当前无法询问。请在终端中运行，或加上 `--code -`，收到验证码后写入标准输入。",
    exit: 12,
    http: 403,
  },
  "cli.no-s3-key": {
    en: "The bucket needs an access key. Name a file with --s3-credentials-file that holds aws_access_key_id and aws_secret_access_key, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    zh: "访问该存储桶需要访问密钥。请用 --s3-credentials-file 指定含 aws_access_key_id 和 aws_secret_access_key 的文件，或设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。",
    exit: 12,
    http: 403,
  },
  "cli.no-chat": {
    en: "No chat, person or version of that name is in the vault, or several are. Look at `keepsake chats`, and use the id.",
    zh: "保险库中没有这个名称的聊天、联系人或版本，或有多个。请用 `keepsake chats` 查看，并使用其编号。",
    exit: 4,
    http: 404,
  },
  "cli.no-folder": {
    en: "No kept folder has this name, or several do. `keepsake folders` lists them.",
    zh: "没有以此命名的已保存文件夹，或有多个。可用 `keepsake folders` 查看。",
    exit: 4,
    http: 404,
  },
  "cli.no-file": {
    en: "A file that was named cannot be read or written, or is there already.",
    zh: "指定的文件无法读取或写入，或已经存在。",
    exit: 4,
    http: 404,
  },
  "cli.folder-not-empty": {
    en: "The folder or bucket is not empty. Choose an empty one, or an empty folder in the bucket, so that nothing else of yours is mixed with the vault.",
    zh: "该文件夹或存储桶不是空的。请选择空的文件夹（或桶内的空目录），以免与你的其他文件混在一起。",
    exit: 13,
    http: 409,
  },
  "cli.not-this-device": {
    en: "This device may read the vault, not write it. Add it with `keepsake keys join`, then run the command again.",
    zh: "本设备只能读取该保险库，不能写入。请先用 `keepsake keys join` 加入，再运行该命令。",
    exit: 12,
    http: 403,
  },
};
