import { both } from "../../state/language.ts";

/** What is said to who comes in by a passkey. */
export const byPasskey = both({
  zh: {
    useToLogIn: "用通行密钥登录",
    useToUnlock: "用通行密钥解锁",
    keepTitle: "为这个浏览器设一个密码",
    keepWhy:
      "这个通行密钥能登录，但打不开聊天记录：接下来需要恢复卡，或另一台设备。先为这个浏览器设一个密码，以后用它解锁。",
    keepPassword: "这个浏览器的密码",
    keep: "继续",
    reading: "这个浏览器由通行密钥打开，只能查看。",
    readingMore: "要放入内容，请输入恢复口令",
  },
  en: {
    useToLogIn: "Log in with a passkey",
    useToUnlock: "Unlock with a passkey",
    keepTitle: "A password for this browser",
    keepWhy:
      "This passkey logs in, and opens no history: the recovery card comes next, or another device. First choose a password that unlocks this browser from now on.",
    keepPassword: "A password for this browser",
    keep: "Continue",
    reading: "Opened by a passkey, to look at only.",
    readingMore: "To put something in, type the recovery words",
  },
});
