import { keepS3Credentials, kitFile, wordsLanguage, yes, type CommandSpec } from "../spec.ts";

/** What people do with their keys. */
export const keysCommands: readonly CommandSpec[] = [
  {
    name: "keys list",
    summary: { en: "the ways to open the vault", zh: "列出打开保险库的各种方式" },
    examples: ["keepsake keys list"],
    load: () => import("../keys/list.ts"),
  },
  {
    name: "keys password",
    summary: { en: "set, change or remove the password", zh: "设置、修改或移除密码" },
    options: [
      ["--new-password-file <file>", { en: "the new password's file", zh: "存放新密码的文件" }],
      [
        "--guards <server>",
        {
          en: "have this server's guards limit guesses; by itself where a copy lies on a server",
          zh: "由该服务器的守护服务限制尝试次数；服务器上已有副本时自动如此",
        },
      ],
      ["--remove", { en: "remove the password", zh: "移除密码" }],
    ],
    examples: [
      "keepsake keys password",
      "keepsake keys password --guards https://keep.example",
      "keepsake keys password --remove",
    ],
    load: () => import("../keys/password.ts"),
  },
  {
    name: "keys words",
    summary: { en: "replace the recovery words", zh: "更换恢复口令" },
    options: [kitFile, wordsLanguage, yes],
    examples: ["keepsake keys words --kit-file kit.html"],
    load: () => import("../keys/words.ts"),
  },
  {
    name: "keys kit",
    summary: {
      en: "check the recovery words, and print the kit again",
      zh: "核对恢复口令，并重新打印恢复卡",
    },
    options: [kitFile],
    examples: ["keepsake keys kit", "keepsake keys kit --kit-file kit.html"],
    load: () => import("../keys/kit.ts"),
  },
  {
    name: "keys devices",
    summary: { en: "the devices that may write", zh: "列出可以写入的设备" },
    examples: ["keepsake keys devices"],
    load: () => import("../keys/devices.ts"),
  },
  {
    name: "keys join",
    summary: { en: "add this device, with the words or the password", zh: "用恢复口令或密码加入本设备" },
    options: [
      ["--device-name <name>", { en: "what this device is called", zh: "本设备的名称" }],
      keepS3Credentials,
    ],
    examples: ["keepsake keys join --store /media/usb/vault"],
    load: () => import("../keys/join.ts"),
  },
  {
    name: "keys revoke",
    args: "<device>",
    summary: { en: "take a lost device out", zh: "移除丢失的设备" },
    options: [yes],
    examples: ["keepsake keys revoke 2"],
    load: () => import("../keys/revoke.ts"),
  },
  {
    name: "keys rescue",
    summary: {
      en: "words and password are lost, this device is not: new words",
      zh: "恢复口令和密码都丢了但本设备还在：生成新的恢复口令",
    },
    options: [kitFile, wordsLanguage, yes],
    examples: ["keepsake keys rescue --kit-file kit.html"],
    load: () => import("../keys/rescue.ts"),
  },
  {
    name: "keys rotate",
    summary: { en: "new keys for all that is written from now on", zh: "为今后写入的内容更换密钥" },
    examples: ["keepsake keys rotate"],
    load: () => import("../keys/rotate.ts"),
  },
];
