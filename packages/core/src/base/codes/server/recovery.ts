import type { CodeEntry } from "../entry.ts";

/** Codes of letting a device in, and of help from the family. */
export type RecoveryCode =
  | "enrol.gone"
  | "enrol.taken"
  | "enrol.altered"
  | "enrol.no-code"
  | "family.no-card"
  | "family.no-helper"
  | "family.unknown"
  | "family.waiting";

export const recoveryCodes: Readonly<Record<RecoveryCode, CodeEntry>> = {
  "family.no-card": {
    en: "This card is not whole, or its key is not the one that the server gives for that person. Ask the person for the card again, face to face.",
    zh: "这张求助卡不完整，或其中的密钥与服务器给出的不一致。请当面向对方重新索取。",
    exit: 2,
    http: 400,
  },
  "family.no-helper": {
    en: "Nobody on this server can help under this name. The helper is another member, who has to make a card first.",
    zh: "此服务器上没有可以协助的对应成员。协助人须是另一位成员，并先生成求助卡。",
    exit: 13,
    http: 404,
  },
  "family.unknown": {
    en: "There is no such family slot, or it is not yours to use.",
    zh: "没有这个家人协助设置，或你无权使用。",
    exit: 10,
    http: 404,
  },
  "family.waiting": {
    en: "The wait is not over, or has not begun. The days that are left are named; meanwhile the owner is told every day and may say no.",
    zh: "等待期尚未结束或尚未开始，剩余天数已列出。期间本人每天都会收到通知，并可随时拒绝。",
    exit: 13,
    http: 409,
  },
  "enrol.gone": {
    en: "This code is past its time, was used, or was refused. Show a new one on the new device.",
    zh: "该二维码已过期、已使用或已被拒绝。请在新设备上重新生成。",
    exit: 13,
    http: 410,
  },
  "enrol.taken": {
    en: "Another device has answered this code already. If it was not you, stop here and show a new one.",
    zh: "已有其他设备响应了这个二维码。如果不是你本人，请停止操作并重新生成。",
    exit: 13,
    http: 409,
  },
  "enrol.altered": {
    en: "What came from the other device is not what its code promised: somebody is in between. Nothing was given out. Start again, over another network if you can.",
    zh: "收到的内容与二维码不符，可能有人从中干扰。没有泄露任何内容。请重新开始，最好换一个网络。",
    exit: 13,
    http: 409,
  },
  "enrol.no-code": {
    en: "This is no code of a new device. Scan the one that the new device shows, or paste it whole.",
    zh: "这不是新设备的二维码内容。请扫描新设备上显示的二维码，或完整粘贴。",
    exit: 2,
    http: 400,
  },
};
