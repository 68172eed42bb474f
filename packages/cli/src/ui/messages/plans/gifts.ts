import type { Words } from "../../language.ts";

export const offeredGift: Words = {
  en: "It is a gift: you pay once, have nothing of it yourself, and get a code to hand on. Whoever redeems it, within three years, has the plan from that day; you see that it was redeemed, and not by whom.",
  zh: "这是礼物：只付这一次，你自己不会得到方案，付款后得到一个可转交的兑换码。三年内谁兑换，方案就从那天起归谁；你只会看到已被兑换，看不到是谁。",
};
export const giftLater: Words = {
  en: "Once it is paid, `keepsake plan {server} --gift-code {gift}` shows its code.",
  zh: "付款后，可用 `keepsake plan {server} --gift-code {gift}` 显示兑换码。",
};
export const giftCode: Words = {
  en: "Hand this code on: {code}\nIt is shown this once and holds until {date}; a new one from here replaces it.",
  zh: "请转交此兑换码：{code}\n只显示这一次，有效至 {date}；在此再要一个新码，它就失效。",
};
export const askNewCode: Words = {
  en: "A code was shown before, and holds no longer once there is a new one. Make a new one?",
  zh: "之前已显示过兑换码，生成新码后它就失效。要生成新码吗？",
};
export const gifts: Readonly<Record<"pending" | "open" | "redeemed" | "ended", Words>> = {
  pending: { en: "Gift {gift}, {plan}: waits to be paid.", zh: "礼物 {gift}，{plan}：等待付款。" },
  open: {
    en: "Gift {gift}, {plan}: paid, and not redeemed yet. `keepsake plan {server} --gift-code {gift}` shows its code, good until {date}.",
    zh: "礼物 {gift}，{plan}：已付款，尚未被兑换。可用 `keepsake plan {server} --gift-code {gift}` 显示兑换码，有效至 {date}。",
  },
  redeemed: { en: "Gift {gift}, {plan}: redeemed.", zh: "礼物 {gift}，{plan}：已被兑换。" },
  ended: {
    en: "Gift {gift}, {plan}: over. It was not paid, was paid back, or waited for too long.",
    zh: "礼物 {gift}，{plan}：已结束（未付款、已退款或已过期）。",
  },
};
export const giftRefunds: Words = {
  en: "{amount} would be paid back, and the code of this gift would hold no longer.",
  zh: "将退还 {amount}，这份礼物的兑换码随即失效。",
};
export const giftRefunded: Words = {
  en: "The gift is taken back; the money goes back the way it came.",
  zh: "礼物已收回，款项将原路退回。",
};
