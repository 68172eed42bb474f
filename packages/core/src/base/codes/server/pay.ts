import type { CodeEntry } from "../entry.ts";

/** Codes of plans and payments. */
export type PayCode =
  | "pay.already"
  | "pay.bad-signature"
  | "pay.no-account"
  | "pay.no-coupon"
  | "pay.no-gift"
  | "pay.no-plan"
  | "pay.no-provider"
  | "pay.no-renewal"
  | "pay.no-such-code"
  | "pay.no-such-offer"
  | "pay.not-now"
  | "pay.provider-away"
  | "pay.refused";

export const payCodes: Readonly<Record<PayCode, CodeEntry>> = {
  "pay.bad-signature": {
    en: "This message is not from the payment provider, or was changed on its way. Nothing was done.",
    zh: "此消息不是支付服务商发出的，或在途中被改动。没有执行任何操作。",
    exit: 13,
    http: 401,
  },
  "pay.already": {
    en: "You have a plan for these days already, so nothing was charged. To change it, choose the other plan as its replacement: what is left of yours is taken off the price.",
    zh: "这段时间你已有方案，没有扣款。如需更换，请选择“更换方案”，剩余价值会从价格中扣除。",
    exit: 13,
    http: 409,
  },
  "pay.no-account": {
    en: "This server does not know who is to pay. Open the page of plans again; nothing was charged.",
    zh: "服务器不认识这个付费账户。请重新打开方案页面，没有扣款。",
    exit: 12,
    http: 401,
  },
  "pay.no-coupon": {
    en: "This coupon is not known here, or its time is over. Check it, or go on without it.",
    zh: "没有此优惠码，或已过期。请检查，或不使用优惠码继续。",
    exit: 4,
    http: 404,
  },
  "pay.no-gift": {
    en: "This cannot be bought as a gift. A plan can, with any way to pay but a phone's store; proof codes are for their holder's own plan. Nothing was charged.",
    zh: "这项不能作为礼物购买。方案可以，但不能用手机应用商店付款；证明码只能用于本人的方案。没有扣款。",
    exit: 13,
    http: 409,
  },
  "pay.no-plan": {
    en: "This comes on top of a plan that is paid for. Choose a plan first; nothing was charged.",
    zh: "此项须在已付费的方案之上购买。请先选择方案，没有扣款。",
    exit: 5,
    http: 409,
  },
  "pay.no-provider": {
    en: "This way to pay is not offered here, or no longer. What was paid stays paid to its end; choose another way.",
    zh: "此处不提供这种支付方式，或已停止提供。已付费的部分有效至到期。请选择其他方式。",
    exit: 4,
    http: 404,
  },
  "pay.no-renewal": {
    en: "This cannot renew by itself with this way to pay. Buy it without renewal; you hear of it before it ends.",
    zh: "这种支付方式不能自动续费。请购买不续费的方案，到期前会通知你。",
    exit: 13,
    http: 409,
  },
  "pay.no-such-code": {
    en: "This code is not known, was used, or its time is over. Check it letter by letter, or ask who gave it to you.",
    zh: "没有此兑换码，或已使用、已过期。请逐字核对，或询问给你兑换码的人。",
    exit: 4,
    http: 404,
  },
  "pay.no-such-offer": {
    en: "This plan is not offered for this period and way to pay. Look at the plans again: they may have changed.",
    zh: "此方案不提供这个周期或支付方式。请重新查看方案，可能已有变化。",
    exit: 4,
    http: 404,
  },
  "pay.not-now": {
    en: "That cannot be done as this subscription stands now. Nothing was changed and nothing charged; the details say why.",
    zh: "以当前状态无法执行此操作。没有更改，也没有扣款。详情中有原因。",
    exit: 13,
    http: 409,
  },
  "pay.provider-away": {
    en: "The payment provider does not answer. Nothing was charged twice and nothing is lost; try again later, or choose another provider.",
    zh: "支付服务商没有响应。不会重复扣款，也没有丢失任何内容。请稍后再试，或选择其他支付方式。",
    exit: 5,
    http: 503,
  },
  "pay.refused": {
    en: "The payment provider refused this. Nothing was charged; the details say why.",
    zh: "支付服务商拒绝了此操作，没有扣款。详情中有原因。",
    exit: 5,
    http: 402,
  },
};
