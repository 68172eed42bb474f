import type { CodeEntry } from "../entry.ts";

/** Codes of tickets, and of what they give. */
export type TicketCode =
  | "level.no-ways"
  | "level.over"
  | "ticket.bad"
  | "ticket.bad-proof"
  | "ticket.changed-key"
  | "ticket.issued"
  | "ticket.no-right"
  | "ticket.no-trial"
  | "ticket.spent"
  | "ticket.wrong-time";

export const ticketCodes: Readonly<Record<TicketCode, CodeEntry>> = {
  "level.no-ways": {
    en: "Whoever sets this has to be told by two ways before it happens. Add an e-mail address and a phone number first.",
    zh: "到期前需要通过两种方式提醒你。请先添加邮箱和手机号。",
    exit: 2,
    http: 409,
  },
  "level.over": {
    en: "The time that was paid for is over, and more is stored than there is room for without it. Nothing is deleted: reading, searching, restoring and exporting go on working, and removing makes room. New things are stored again once it is paid for.",
    zh: "付费时间已结束，已存内容超出免费空间。没有删除任何内容：阅读、搜索、恢复和导出照常可用，也可以删除内容腾出空间。重新付费后即可继续存入。",
    exit: 5,
    http: 507,
  },
  "ticket.bad": {
    en: "This ticket is none of this server's. Nothing was changed; update Keepsake and let it fetch tickets again.",
    zh: "此凭据不是本服务器发出的，没有改变任何内容。请更新 Keepsake 后重新领取。",
    exit: 13,
    http: 422,
  },
  "ticket.bad-proof": {
    en: "The server gave tickets without the proof that they are like everybody else's. They were thrown away: they could have told who you are.",
    zh: "服务器给出的凭据未能证明与他人的凭据相同，已丢弃：这种凭据可能泄露你的身份。",
    exit: 14,
    http: 502,
  },
  "ticket.changed-key": {
    en: "The server's key for tickets is not the one that this device knows. No ticket was asked for: another key could tell who you are. Ask who runs the server why it changed.",
    zh: "服务器的凭据密钥与本设备记录的不同，没有领取凭据：更换的密钥可能泄露你的身份。请向服务器的运营者询问原因。",
    exit: 14,
    http: 409,
  },
  "ticket.issued": {
    en: "A ticket for this time was given out already, to another device of yours. It is good for all of them once it was used.",
    zh: "此时段的凭据已发给你的另一台设备。使用后对你的所有设备都有效。",
    exit: 5,
    http: 409,
  },
  "ticket.no-right": {
    en: "This time is not paid for at this level.",
    zh: "此时段没有按这个档位付费。",
    exit: 5,
    http: 402,
  },
  "ticket.no-trial": {
    en: "There is one trial for each member, and yours was had. Nothing was charged; what was stored meanwhile stays readable.",
    zh: "每位成员只能试用一次，你已经试用过。没有扣款，试用期间存入的内容仍可读取。",
    exit: 5,
    http: 409,
  },
  "ticket.spent": {
    en: "Another member has used this ticket. Each is good for one member.",
    zh: "此凭据已被另一位成员使用。每张凭据只能供一位成员使用。",
    exit: 5,
    http: 409,
  },
  "ticket.wrong-time": {
    en: "This ticket is for a time that is past, or too far ahead. Check the clock of this device.",
    zh: "此凭据的时段已过，或距现在太远。请检查本设备的时钟。",
    exit: 5,
    http: 422,
  },
};
