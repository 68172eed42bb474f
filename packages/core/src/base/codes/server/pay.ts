import type { CodeEntry } from "../entry.ts";

/** Codes of plans and payments. */
export type PayCode = "pay.bad-signature" | "pay.provider-away" | "pay.refused";

export const payCodes: Readonly<Record<PayCode, CodeEntry>> = {
  "pay.bad-signature": {
    en: "This message is not from the payment provider, or was changed on its way. Nothing was done.",
    zh: "此消息不是支付服务商发出的，或在途中被改动。没有执行任何操作。",
    exit: 13,
    http: 401,
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
