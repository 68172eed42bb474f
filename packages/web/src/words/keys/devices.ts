import { both } from "../../state/language.ts";

/** The devices of a vault, and taking one out. */
export const devices = both({
  zh: {
    title: "能打开聊天记录的设备",
    thisOne: "这台",
    revoked: "已移除",
    takeOut: "移除",
    takeOutName: (name: string) => `移除 ${name}`,
    why: [
      "全部钥匙会更换：它读不到今后放入的任何内容，它写的也不再算数。",
      "它已经下载过的内容收不回来，拿着它的人仍能看到。",
    ],
    login: "它在服务器上的登录",
    loginHint: "选中的登录会同时退出。",
    unknown: "不确定是哪一个",
    words: "恢复口令：恢复卡上的 24 个词",
    sure: "移除这台设备",
    cancel: "取消",
    done: "已移除，全部钥匙都换过了。",
    doneLook: "请再看看下面“已登录的设备”，把不认识的登录退出。",
  },
  en: {
    title: "Devices that open the history",
    thisOne: "this one",
    revoked: "taken out",
    takeOut: "Take out",
    takeOutName: (name: string) => `Take out ${name}`,
    why: [
      "All keys become new: it reads nothing that is put in from now on, and what it writes does not count.",
      "What it has fetched before cannot be taken back: whoever holds it can still see that.",
    ],
    login: "Its login at the server",
    loginHint: "The login that you choose ends in the same step.",
    unknown: "I do not know which",
    words: "The 24 words of the recovery card",
    sure: "Take this device out",
    cancel: "Cancel",
    done: "It is out, and all keys are new.",
    doneLook: "Look at the devices that are logged in, below, and log out those that you do not know.",
  },
});
