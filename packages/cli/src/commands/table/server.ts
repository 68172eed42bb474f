import { loginPasswordFile, totp, yes, type CommandSpec } from "../spec.ts";

/** What has to do with Keepsake servers. */
export const serverCommands: readonly CommandSpec[] = [
  {
    name: "serve",
    summary: { en: "run a server on this machine", zh: "在本机运行服务器" },
    options: [
      [
        "--data <folder>",
        {
          en: "where all that it keeps lies (KEEPSAKE_DATA; keepsake-data here)",
          zh: "数据文件夹（KEEPSAKE_DATA；默认为当前目录下的 keepsake-data）",
        },
      ],
      [
        "--port <port>",
        { en: "the port to listen on (KEEPSAKE_PORT; 7430)", zh: "监听端口（KEEPSAKE_PORT；7430）" },
      ],
    ],
    examples: ["keepsake serve", "keepsake serve --data /srv/keepsake"],
    load: () => import("../server/serve.ts"),
  },
  {
    name: "login",
    args: "<server>",
    summary: {
      en: "log this device in to a server, or sign up there",
      zh: "让本设备登录服务器，或在那里注册",
    },
    options: [
      ["--sign-up", { en: "become a member", zh: "注册为成员" }],
      [
        "--name <name>",
        {
          en: "your name there; invented where you sign up without",
          zh: "你在那里的名称；注册时不填则自动生成",
        },
      ],
      [
        "--invitation <code>",
        { en: "the invitation, where the server asks for one", zh: "邀请码（服务器要求时）" },
      ],
      totp,
      loginPasswordFile,
    ],
    examples: [
      "keepsake login https://keep.example --sign-up --invitation 2k82g-lvpdu-5j0bq-nmsul",
      "keepsake login https://keep.example --name k-7wq2-m4nx-hd9c",
    ],
    load: () => import("../server/login.ts"),
  },
  {
    name: "logout",
    args: "<server>",
    summary: { en: "log this device out of a server", zh: "让本设备退出服务器" },
    examples: ["keepsake logout https://keep.example"],
    load: () => import("../server/logout.ts"),
  },
  {
    name: "devices",
    args: "<server>",
    summary: { en: "the devices that are logged in to a server", zh: "列出已登录服务器的设备" },
    options: [
      ["--approve <id>", { en: "approve a new device that is limited so far", zh: "确认一台受限的新设备" }],
      [
        "--approval <state>",
        {
          en: "on or off: whether a login by password waits for another device",
          zh: "on 或 off：用密码登录的新设备是否须由其他设备确认",
        },
      ],
      ["--log-out <id>", { en: "log this one out", zh: "让该设备退出登录" }],
      ["--log-out-others", { en: "log all others out", zh: "让其他所有设备退出登录" }],
      yes,
    ],
    examples: [
      "keepsake devices https://keep.example",
      "keepsake devices https://keep.example --log-out-others",
    ],
    load: () => import("../server/devices.ts"),
  },
  {
    name: "vaults",
    args: "<server>",
    summary: { en: "your vaults on a server", zh: "你在服务器上的保险库" },
    options: [
      [
        "--remove <vault>",
        { en: "put all of this one into the trash there", zh: "把该保险库全部移入服务器的回收站" },
      ],
      yes,
    ],
    examples: [
      "keepsake vaults https://keep.example",
      "keepsake vaults https://keep.example --remove 0123456789abcdefghijklmnop",
    ],
    load: () => import("../server/vaults.ts"),
  },
  {
    name: "events",
    args: "<server>",
    summary: {
      en: "what happened at a server, checked entry by entry",
      zh: "服务器上发生过的事件，逐条校验",
    },
    options: [["--all", { en: "also what was shown before", zh: "包括以前显示过的" }]],
    examples: ["keepsake events https://keep.example", "keepsake events https://keep.example --all"],
    load: () => import("../server/events.ts"),
  },
  {
    name: "close",
    args: "<server>",
    summary: {
      en: "end your membership of a server, in seven days",
      zh: "七天后注销在服务器的成员身份",
    },
    options: [
      ["--take-back", { en: "stay a member after all", zh: "取消注销" }],
      [
        "--receipt <file>",
        {
          en: "get the receipt of the deletion, or check the one in the file",
          zh: "取得删除回执，或校验文件中的回执",
        },
      ],
      totp,
      loginPasswordFile,
      yes,
    ],
    examples: [
      "keepsake close https://keep.example",
      "keepsake close https://keep.example --take-back",
      "keepsake close https://keep.example --receipt deletion.json",
    ],
    load: () => import("../server/close.ts"),
  },
  {
    name: "enrol",
    args: "<server>",
    summary: {
      en: "let a new device in: run it there first, then on an old one with the code",
      zh: "加入新设备：先在新设备上运行，再在旧设备上输入代码",
    },
    options: [
      [
        "--code <code>",
        {
          en: "the code that the new device shows; - asks for it once the vault is open",
          zh: "新设备显示的代码；- 表示打开保险库后再询问",
        },
      ],
      [
        "--device-name <name>",
        { en: "what this new device is called in the vault", zh: "新设备在保险库中的名称" },
      ],
      [
        "--digits <digits>",
        {
          en: "the six digits of the new device, without being asked; - reads them",
          zh: "新设备的六位数字，不再询问；- 表示从标准输入读取",
        },
      ],
    ],
    examples: [
      "keepsake enrol https://keep.example",
      "keepsake enrol https://keep.example --code 'keepsake-enrol:1 ...'",
    ],
    load: () => import("../server/enrol.ts"),
  },
  {
    name: "operator",
    args: "<server>",
    summary: { en: "as its operator: members, invitations, quotas", zh: "管理员：成员、邀请码、可用空间" },
    options: [
      ["--invite", { en: "invite one member", zh: "生成一个邀请码" }],
      ["--member <id>", { en: "set this member's quota", zh: "设置该成员的可用空间" }],
      ["--log", { en: "what operators did, checked entry by entry", zh: "管理员操作记录，逐条校验" }],
      ["--close <id>", { en: "end this membership in seven days", zh: "七天后注销该成员" }],
      ["--keep <id>", { en: "take that back", zh: "取消注销该成员" }],
      [
        "--hold <id>",
        { en: "remove nothing of this member for want of payment", zh: "不因未付费移除该成员的内容" },
      ],
      ["--release <id>", { en: "end that", zh: "取消保留" }],
      ["--quota <size>", { en: "how much may be stored, such as 200GB", zh: "可存多少，如 200GB" }],
    ],
    examples: [
      "keepsake operator https://keep.example",
      "keepsake operator https://keep.example --invite --quota 200GB",
      "keepsake operator https://keep.example --member 0123456789abcdefghijklmnop --quota 1TB",
    ],
    load: () => import("../server/operator.ts"),
  },
  {
    name: "sync",
    summary: {
      en: "make all copies of the vault level: servers, buckets, disks",
      zh: "使保险库的所有副本保持一致：服务器、存储桶、磁盘",
    },
    examples: ["keepsake sync"],
    load: () => import("../server/sync.ts"),
  },
];
