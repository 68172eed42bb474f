import {
  kitFile,
  wordsLanguage,
  yes,
  loginPasswordFile,
  totp,
  type CommandSpec,
  type OptionSpec,
} from "../spec.ts";

const codeFrom: OptionSpec = [
  "--code <from>",
  {
    en: "- reads the code that was sent from standard input, without a terminal",
    zh: "- 表示无终端时从标准输入读取收到的验证码",
  },
];

/** What keeps a membership of a server its member's. */
export const safetyCommands: readonly CommandSpec[] = [
  {
    name: "login-password",
    args: "<server>",
    summary: {
      en: "change or reset the password that logs in to a server",
      zh: "更改或重设登录服务器的密码",
    },
    options: [
      [
        "--reset <contact>",
        {
          en: "it is forgotten: set a new one by a code sent to this contact",
          zh: "忘记密码时：用发送到该联系方式的验证码重设",
        },
      ],
      codeFrom,
      [
        "--cancel-reset",
        { en: "take a reset back, on a device that is logged in", zh: "在已登录的设备上取消重设" },
      ],
      loginPasswordFile,
    ],
    examples: [
      "keepsake login-password https://keep.example",
      "keepsake login-password https://keep.example --reset li@example.org",
    ],
    load: () => import("../safety/login-password.ts"),
  },
  {
    name: "contacts",
    args: "<server>",
    summary: {
      en: "e-mail addresses and numbers that a server may write to",
      zh: "服务器可以通知的邮箱和手机号",
    },
    options: [
      [
        "--add <contact>",
        { en: "an address, or a number such as +8613800000000", zh: "邮箱，或如 +8613800000000 的号码" },
      ],
      codeFrom,
      ["--remove <id>", { en: "take one away", zh: "移除一个" }],
    ],
    examples: ["keepsake contacts https://keep.example --add li@example.org"],
    load: () => import("../safety/contacts.ts"),
  },
  {
    name: "access",
    args: "<server>",
    summary: {
      en: "keys that lift the limit of a login, from the words or a device",
      zh: "解除登录限制的密钥，来自恢复口令或设备",
    },
    options: [
      [
        "--add <from>",
        { en: "words or device: add a key that comes from there", zh: "words 或 device：添加来自该处的密钥" },
      ],
      [
        "--prove <from>",
        { en: "words or device: lift the limit of this login", zh: "words 或 device：解除本次登录的限制" },
      ],
      ["--remove <id>", { en: "take one away", zh: "移除一个" }],
      totp,
    ],
    examples: [
      "keepsake access https://keep.example --add words",
      "keepsake access https://keep.example --prove words",
    ],
    load: () => import("../safety/access.ts"),
  },
  {
    name: "family",
    args: "<server>",
    summary: {
      en: "have somebody of the family open the vault when all else is lost",
      zh: "万一其他方式都丢失，由家人协助打开保险库",
    },
    options: [
      ["--offer", { en: "make your card, to help somebody", zh: "生成你的求助卡，以协助他人" }],
      ["--set <card>", { en: "have the person of this card help you", zh: "请持有此卡的人协助你" }],
      [
        "--wait-days <days>",
        {
          en: "how long the helper has to wait: 7 to 30, and 7 unless you say so",
          zh: "协助人须等待的天数：7 至 30，默认 7",
        },
      ],
      ["--start <share>", { en: "as the helper: ask, and begin the wait", zh: "协助人：提出请求，开始等待" }],
      ["--veto <share>", { en: "as the owner: say no", zh: "本人：拒绝" }],
      [
        "--take <share>",
        { en: "as the helper, after the wait: the words", zh: "协助人：等待期满后取得口令" },
      ],
      ["--remove <share>", { en: "end this help", zh: "取消这项协助" }],
      kitFile,
      wordsLanguage,
      yes,
    ],
    examples: [
      "keepsake family https://keep.example --offer",
      "keepsake family https://keep.example --set 'keepsake-family:1 ...' --wait-days 14",
      "keepsake family https://keep.example",
    ],
    load: () => import("../safety/family.ts"),
  },
  {
    name: "passkeys",
    args: "<server>",
    summary: { en: "the passkeys that log in to a server", zh: "登录服务器的通行密钥" },
    options: [["--remove <id>", { en: "take one away", zh: "移除一个" }]],
    examples: ["keepsake passkeys https://keep.example"],
    load: () => import("../safety/passkeys.ts"),
  },
  {
    name: "trash",
    args: "<server>",
    summary: {
      en: "what was removed from a vault on a server, and back again",
      zh: "服务器上已删除的内容，可恢复",
    },
    options: [
      [
        "--restore-since <time>",
        {
          en: "bring back all that was removed since, each object as it was then",
          zh: "恢复此后删除的全部内容，均为当时的样子",
        },
      ],
    ],
    examples: [
      "keepsake trash https://keep.example",
      "keepsake trash https://keep.example --restore-since 2026-11-20",
    ],
    load: () => import("../safety/trash.ts"),
  },
  {
    name: "totp",
    args: "<server>",
    summary: {
      en: "the second factor of a login: an authenticator app",
      zh: "登录的两步验证：身份验证器",
    },
    options: [
      ["--on", { en: "turn it on, with a new secret", zh: "用新的密钥开启" }],
      ["--off", { en: "turn it off, by a code", zh: "用验证码关闭" }],
      codeFrom,
    ],
    examples: ["keepsake totp https://keep.example --on"],
    load: () => import("../safety/totp.ts"),
  },
];
