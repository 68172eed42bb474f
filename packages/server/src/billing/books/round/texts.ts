import { moneyText } from "@keepsake/core/plans";
import type { Language } from "../../../notices/channel.ts";
import { startOf } from "../../dealing/calendar.ts";

/** What an account is told of. */
export type BillMessage = "charge" | "charge-failed" | "renewal-ended" | "yearly";

/** What stands in a notice. */
export interface Told {
  readonly message: BillMessage;
  readonly plan: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The day of the charge, or of the end. */
  readonly aboutDay: number;
}

interface Filled {
  readonly plan: string;
  readonly amount: string;
  readonly date: string;
}

type Words = Readonly<
  Record<Language, { readonly subject: string; readonly short: string; readonly text: string }>
>;

const wayOut: Readonly<Record<Language, string>> = {
  en: "To end it, open Keepsake, choose Plan, and press Do not renew: two clicks, at any time, and what is paid stays to its end.",
  zh: "如不想续费：打开念存，进入“方案”，点“不再续费”。随时可取消，只需两步，已付费部分有效至到期。",
};

const words: Readonly<Record<BillMessage, (filled: Filled) => Words>> = {
  charge: ({ plan, amount, date }) => ({
    en: {
      subject: "Keepsake: your plan renews soon",
      short: "Plan renews soon",
      text: `Your plan "${plan}" renews: ${amount} will be charged, not before ${date}.\n\n${wayOut.en}\n`,
    },
    zh: {
      subject: "念存：你的方案即将续费",
      short: "方案即将续费",
      text: `你的方案“${plan}”将续费：${amount}，扣款日不早于 ${date}。\n\n${wayOut.zh}\n`,
    },
  }),
  "charge-failed": ({ plan, amount, date }) => ({
    en: {
      subject: "Keepsake: a charge did not go through",
      short: "Charge failed",
      text: `${amount} for your plan "${plan}" could not be charged. It is tried again. Everything works until ${date}; after that nothing new is stored, and all that is stored can be read, restored and exported.\n\n${wayOut.en}\n`,
    },
    zh: {
      subject: "念存：扣款未成功",
      short: "扣款未成功",
      text: `方案“${plan}”的费用 ${amount} 未能扣款，将会重试。${date} 之前一切照常；之后不再存入新内容，已存内容仍可阅读、恢复和导出。\n\n${wayOut.zh}\n`,
    },
  }),
  "renewal-ended": ({ plan, date }) => ({
    en: {
      subject: "Keepsake: your plan does not renew",
      short: "Plan does not renew",
      text: `Your plan "${plan}" is paid until ${date} and does not renew: nothing more is charged. Afterwards all that is stored can be read, restored and exported. To go on, choose a plan again in Keepsake.\n`,
    },
    zh: {
      subject: "念存：你的方案不再续费",
      short: "方案不再续费",
      text: `你的方案“${plan}”已付费至 ${date}，不再续费，也不会再扣款。到期后已存内容仍可阅读、恢复和导出。如需继续，请在念存中重新选择方案。\n`,
    },
  }),
  yearly: ({ plan, amount, date }) => ({
    en: {
      subject: "Keepsake: your plan, once a year",
      short: "Your plan renews",
      text: `A reminder, as every year: your plan "${plan}" renews by itself at ${amount}. The next charge is not before ${date}.\n\n${wayOut.en}\n`,
    },
    zh: {
      subject: "念存：年度提醒",
      short: "方案年度提醒",
      text: `每年一次的提醒：你的方案“${plan}”会自动续费，每期 ${amount}，下次扣款不早于 ${date}。\n\n${wayOut.zh}\n`,
    },
  }),
};

/** The words of a notice in a language. */
export function billText(
  { message, plan, amountMinor, currency, aboutDay }: Told,
  language: Language,
): Words[Language] {
  const amount = moneyText(amountMinor, { currency, language });
  const date = new Date(startOf(aboutDay)).toISOString().slice(0, 10);
  return words[message]({ plan, amount, date })[language];
}
