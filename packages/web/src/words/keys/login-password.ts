import { both } from "../../state/language.ts";

/** Another password for the login. */
export const loginPassword = both({
  zh: {
    title: "登录密码",
    why: "更换以后，其他设备都会退出登录；这个浏览器今后用新密码解锁。它打不开别处的聊天记录。",
    whyOwn: "更换以后，其他设备都会退出登录。解锁这个浏览器的密码不变。",
    change: "更换登录密码",
    current: "现在解锁这个浏览器的密码",
    next: "新的登录密码",
    nextHint: "至少 8 个字符。",
    sure: "更换",
    cancel: "取消",
    done: (ended: number) => `登录密码已更换，${ended} 个其他登录已退出。`,
  },
  en: {
    title: "Login password",
    why: "With a new one all other devices are logged out, and it unlocks this browser from then on. It opens your history nowhere else.",
    whyOwn:
      "With a new one all other devices are logged out. The password that unlocks this browser stays as it is.",
    change: "Change the login password",
    current: "What unlocks this browser now",
    next: "The new login password",
    nextHint: "At least 8 characters.",
    sure: "Change it",
    cancel: "Cancel",
    done: (ended: number) => `The login password is changed. Other logins that ended: ${ended}.`,
  },
});
