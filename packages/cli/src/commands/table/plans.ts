import { yes, type CommandSpec } from "../spec.ts";
import { readingOptions } from "./vault.ts";

/** What keeping a history would take, before anything is kept or paid. */
export const plansCommands: readonly CommandSpec[] = [
  {
    name: "estimate",
    args: "<source>",
    summary: {
      en: "what a source would take: room, time and price; nothing is stored or sent",
      zh: "估算来源所需的空间、时间和价格；不保存、不上传任何内容",
    },
    options: [
      [
        "--channel <channel>",
        {
          en: "where you would pay: web (without it), iphone, android, other",
          zh: "付款渠道：web（默认）、iphone、android、other",
        },
      ],
      [
        "--server <address>",
        {
          en: "with the plans of this server, in place of those that come with Keepsake",
          zh: "采用此服务器的方案，而非念存自带的方案",
        },
      ],
      ...readingOptions,
    ],
    examples: [
      "keepsake estimate ~/Downloads/ChatExport",
      "keepsake estimate ~/Library/Application\\ Support/MobileSync/Backup --channel iphone",
    ],
    load: () => import("../plans/estimate.ts"),
  },
  {
    name: "plan",
    args: "<server>",
    summary: {
      en: "what is paid for on a server, and how it is bought, ended or paid back",
      zh: "查看服务器上的付费方案，购买、取消续费或退款",
    },
    options: [
      ["--buy <plan>", { en: "begin to buy this plan", zh: "购买此方案" }],
      [
        "--period <period>",
        { en: "by the year (without it), or by the month", zh: "按年 year（默认）或按月 month" },
      ],
      ["--way <way>", { en: "the way to pay, as listed", zh: "支付方式，见列表" }],
      [
        "--renew",
        {
          en: "let it renew by itself; without this it does not",
          zh: "自动续费；不加此项则不续费",
        },
      ],
      ["--coupon <coupon>", { en: "a coupon or a proof code", zh: "优惠码或证明码" }],
      [
        "--gift",
        {
          en: "with --buy: for somebody else; once it is paid, you get a code to hand on",
          zh: "与 --buy 同用：送给别人；付款后得到一个可转交的兑换码",
        },
      ],
      [
        "--gift-code <gift>",
        {
          en: "the code of a gift that is paid, as listed; a new code replaces the one before",
          zh: "显示已付款礼物的兑换码（编号见列表）；新码会使前一个失效",
        },
      ],
      [
        "--gift-refund <gift>",
        {
          en: "have a gift paid back that nobody has redeemed: its code holds no longer",
          zh: "退回无人兑换的礼物：兑换码随即失效",
        },
      ],
      [
        "--redeem <code>",
        { en: "redeem a code; - reads it from a line", zh: "兑换码；- 表示从一行输入读取" },
      ],
      [
        "--try <plan>",
        {
          en: "try this plan for nothing, once: it ends by itself, and nothing is charged",
          zh: "免费试用此方案（每人一次）：到期自动结束，不扣款",
        },
      ],
      ["--end-renewal", { en: "nothing more is charged", zh: "取消续费，不再扣款" }],
      [
        "--weeks <on|off>",
        {
          en: "whether the server is told of which quarter stored files are, so that it could begin with the oldest; on where you pay",
          zh: "是否告知服务器文件属于哪一季，以便只从最早的清理：on 或 off；付费时默认 on",
        },
      ],
      [
        "--window",
        {
          en: "where your plan reaches back only so far: show what is older, and forget it once you agree",
          zh: "若方案只保留一段时间的记录：列出更早的内容，经你同意后遗忘",
        },
      ],
      [
        "--keep <chat...>",
        {
          en: "with --window: keep these chats for ever, and no others; remembered in the vault",
          zh: "与 --window 同用：永久保留这些聊天（替换先前的选择），记在保险库中",
        },
      ],
      [
        "--keep-none",
        { en: "with --window: keep no chat for ever", zh: "与 --window 同用：不永久保留任何聊天" },
      ],
      ["--refund", { en: "end it now, and have paid back what is due", zh: "立即结束并退款" }],
      yes,
    ],
    examples: [
      "keepsake plan https://keep.example",
      "keepsake plan https://keep.example --try gb-50",
      "keepsake plan https://keep.example --buy gb-50 --way wechat",
      "keepsake plan https://keep.example --buy gb-50 --gift",
      "keepsake plan https://keep.example --end-renewal",
      'keepsake plan https://keep.example --window --keep "妈妈"',
    ],
    load: () => import("../plans/plan.ts"),
  },
];
