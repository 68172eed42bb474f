import { both } from "../../state/language.ts";

/** A password that opens the vault in any browser, of which guards limit the guesses. */
export const vaultPassword = both({
  zh: {
    title: "保险库密码",
    why: "在新的浏览器里，不用恢复卡也能打开聊天记录：登录后输入这个密码。猜错十次它就作废，每次尝试所有设备都会知道。恢复卡仍然有效，请继续保管。",
    alone:
      "这台服务器自己看管尝试次数：谁同时掌握整台服务器和它的密钥，就能不受次数限制地猜这个密码。请用又长又不在别处用的密码，或者只用恢复卡。",
    elsewhere: "这台服务器的看管服务在别处，浏览器里不能设置。请用命令行：keepsake keys password。",
    isSet: "已设置。",
    isNot: "还没有设置。",
    set: "设置保险库密码",
    change: "更换保险库密码",
    remove: "不再用密码打开",
    words: "恢复口令：24 个词",
    password: "新的保险库密码",
    passwordHint: "至少 8 个字符，不要与登录密码相同。",
    sure: "设置",
    sureRemove: "移除密码",
    cancel: "取消",
    done: "好了。以前的密码打不开今后写入的内容。",
    left: "有一处看管服务还没有忘掉以前的密码，它会在以后忘掉。",
    same: "这是解锁这个浏览器的密码。请换一个不同的。",
  },
  en: {
    title: "Vault password",
    why: "It opens your history in a new browser without the recovery card: log in, then type it. Ten wrong guesses end it, and all devices hear of each one. The card still counts; keep it.",
    alone:
      "This server counts the guesses by itself: who holds the whole server and its secrets can guess without a limit. Take a long password that is used nowhere else, or stay with the card.",
    elsewhere:
      "This server's guards are elsewhere, and a browser cannot reach them. Use the command line: keepsake keys password.",
    isSet: "One is set.",
    isNot: "None is set.",
    set: "Set a vault password",
    change: "Change the vault password",
    remove: "Open by no password any more",
    words: "The 24 words of the recovery card",
    password: "The new vault password",
    passwordHint: "At least 8 characters, and not the login password.",
    sure: "Set it",
    sureRemove: "Remove the password",
    cancel: "Cancel",
    done: "Done. The password before opens nothing that is written from now on.",
    left: "One of the guards has not forgotten the password before yet; it will.",
    same: "This is what unlocks this browser. Please take another one.",
  },
});
