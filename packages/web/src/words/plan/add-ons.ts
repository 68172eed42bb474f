import { both } from "../../state/language.ts";

/** What can be had beside a plan. */
export const addOnWords = both({
  zh: {
    title: "在您的方案之上",
    lead: "单独购买、单独到期，不影响您的方案；方案先到期时，它用到自己的到期日。可以买不止一份。",
    needsPlan: "要先有一个已付费的方案，才能购买。",
    room: (size: string) => `另加 ${size} 空间。`,
    seats: (count: number) => `家庭另加 ${count} 个位置，空间从方案里分。`,
    evidence: "存证服务：具体做什么，由这台服务器的运营者说明和提供。",
    price: {
      month: (amount: string) => `每月 ${amount}`,
      year: (amount: string) => `每年 ${amount}`,
    },
  },
  en: {
    title: "On top of your plan",
    lead: "Bought and ended by itself, without a change to your plan; where the plan ends first, it goes on to its own end. You can have more than one.",
    needsPlan: "These come on top of a plan that is paid for.",
    room: (size: string) => `Room for ${size} more.`,
    seats: (count: number) =>
      count === 1
        ? "One more place for the family; its room is part of the plan's."
        : `${count} more places for the family; their room is part of the plan's.`,
    evidence: "Help with evidence: what it is, who runs this server says and does.",
    price: {
      month: (amount: string) => `${amount} a month`,
      year: (amount: string) => `${amount} a year`,
    },
  },
});
