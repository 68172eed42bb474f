import type { CodeEntry } from "./entry.ts";

export type WebCode =
  "web.card-unchanged" | "web.locked" | "web.no-chat" | "web.no-file" | "web.no-passkey" | "web.no-storage";

export const webCodes: Readonly<Record<WebCode, CodeEntry>> = {
  "web.card-unchanged": {
    en: "The new recovery card was not stored: it opens nothing, and the one before still counts. Destroy the new one, and begin again.",
    zh: "新恢复卡没有存上，打不开任何内容，原来的恢复卡仍然有效。请销毁新卡，再重新开始。",
    exit: 13,
    http: 409,
  },
  "web.locked": {
    en: "The history is locked. Unlock it first.",
    zh: "聊天记录已锁定，请先解锁。",
    exit: 12,
    http: 409,
  },
  "web.no-chat": {
    en: "This chat is not there any more. Go back to the list of chats.",
    zh: "这个聊天已经不在了，请回到聊天列表。",
    exit: 10,
    http: 404,
  },
  "web.no-file": {
    en: "The vault does not hold this file.",
    zh: "保险库里没有这个文件。",
    exit: 10,
    http: 404,
  },
  "web.no-passkey": {
    en: "No passkey was given: it was cancelled, it took too long, or this device has none of yours. Try again, or come in another way.",
    zh: "没有得到通行密钥：操作被取消、超时，或这台设备上没有您的通行密钥。请重试，或改用其他方式。",
    exit: 10,
    http: 400,
  },
  "web.no-storage": {
    en: "This browser does not let the page keep anything. Leave private browsing, or free some space, and try again.",
    zh: "这个浏览器不允许页面保存数据。请退出无痕浏览或腾出一些空间，再试一次。",
    exit: 5,
    http: 507,
  },
};
