import { yes, type CommandSpec } from "../spec.ts";

/** What keeps a vault up to date by itself, and shows how it stands. */
export const agentCommands: readonly CommandSpec[] = [
  {
    name: "status",
    summary: {
      en: "how the vault is kept up to date, its copies, and what its servers say",
      zh: "查看自动备份的状态、各副本和服务器的情况",
    },
    examples: ["keepsake status", "keepsake status --json"],
    load: () => import("../agent/status.ts"),
  },
  {
    name: "agent add",
    args: "[source]",
    summary: { en: "watch a folder, and back it up when it changed", zh: "监视一个文件夹，有变化时自动备份" },
    options: [
      [
        "--known",
        { en: "offer the places of Apple's and WeChat's backups", zh: "列出苹果和微信备份的已知位置" },
      ],
      [
        "--name <name>",
        { en: "what the source is called: the same name each time", zh: "来源的名称：每次请用同一个" },
      ],
      [
        "--format <format>",
        { en: "as for `backup`, where it is not found out", zh: "同 `backup`，无法自动识别时指定" },
      ],
      [
        "--me <account>",
        { en: "your own account: nobody is asked later", zh: "你自己的账号：之后不会再询问" },
      ],
      [
        "--backup-password-file <file>",
        {
          en: "a file with the password of a protected phone backup; it stays where it is",
          zh: "含受保护手机备份密码的文件；文件留在原处",
        },
      ],
      yes,
    ],
    examples: [
      'keepsake agent add ~/Downloads/ChatExport --name "my phone"',
      "keepsake agent add --known --me wxid_li",
    ],
    load: () => import("../agent/add.ts"),
  },
  {
    name: "agent remove",
    args: "<name>",
    summary: { en: "stop watching a source; the vault keeps it", zh: "不再监视某个来源，保险库内容不变" },
    examples: ['keepsake agent remove "my phone"'],
    load: () => import("../agent/remove.ts"),
  },
  {
    name: "agent list",
    summary: { en: "list what is watched", zh: "列出监视的来源" },
    examples: ["keepsake agent list"],
    load: () => import("../agent/list.ts"),
  },
  {
    name: "agent install",
    summary: { en: "start the agent now and at each login", zh: "现在以及每次登录时启动后台服务" },
    options: [["--print", { en: "only show what would be installed", zh: "只显示将要安装的内容" }]],
    examples: ["keepsake agent install", "keepsake agent install --print"],
    load: () => import("../agent/install.ts"),
  },
  {
    name: "agent uninstall",
    summary: { en: "stop the agent, and start it no more", zh: "停止后台服务，不再启动" },
    examples: ["keepsake agent uninstall"],
    load: () => import("../agent/uninstall.ts"),
  },
  {
    name: "agent run",
    summary: { en: "run the agent here, until it is stopped", zh: "在前台运行，直到被停止" },
    options: [["--once", { en: "do once what is due, and end", zh: "只执行一轮到期的工作" }]],
    examples: ["keepsake agent run", "keepsake agent run --once"],
    load: () => import("../agent/run.ts"),
  },
  {
    name: "agent pause",
    summary: { en: "begin nothing, and stop what runs", zh: "暂停：不开始新工作，并停止进行中的工作" },
    options: [
      ["--until <time>", { en: "until then, such as 2026-05-01T18:30", zh: "直到此时，如 2026-05-01T18:30" }],
    ],
    examples: ["keepsake agent pause", "keepsake agent pause --until 2026-05-02"],
    load: () => import("../agent/pause.ts"),
  },
  {
    name: "agent resume",
    summary: {
      en: "end a pause, and try again what waits for you",
      zh: "结束暂停，并重试等待你处理的来源",
    },
    examples: ["keepsake agent resume"],
    load: () => import("../agent/resume.ts"),
  },
  {
    name: "agent log",
    summary: { en: "what was read when, and what came of it", zh: "查看何时读取了什么、结果如何" },
    options: [["--limit <count>", { en: "so many of the newest (50)", zh: "最新的若干条（50）" }]],
    examples: ["keepsake agent log", "keepsake agent log --limit 500 --json"],
    load: () => import("../agent/log.ts"),
  },
];
