import { accountOf } from "../names.ts";
import { given, part } from "../reading.ts";
import { at, keyAt, textAt } from "../xml/look.ts";
import type { AppReader } from "./shares.ts";

/** The steps of a transfer. The delayed and group variants are not told apart with certainty: they keep their number. */
const states: ReadonlyMap<string, string> = new Map([
  ["1", "sent"],
  ["3", "accepted"],
  ["4", "returned"],
]);
const currencies: ReadonlyMap<string, string> = new Map([
  ["¥", "CNY"],
  ["￥", "CNY"],
  ["HK$", "HKD"],
  ["RM", "MYR"],
]);
const amount = /^\s{0,8}([^\d\s.,-]{0,8})\s{0,8}(\d[\d.,]{0,30})\s{0,8}$/;

export const readTransfer: AppReader = ({ app }) => {
  const pay = at(app, "wcpayinfo");
  if (pay === undefined) return undefined;
  const step = keyAt(pay, "paysubtype");
  const payer = keyAt(pay, "payer_username");
  const payee = keyAt(pay, "receiver_username");
  return part(
    "transfer",
    given({
      state: step === undefined ? undefined : (states.get(step) ?? `wechat:${step}`),
      ...amountOf(textAt(pay, "feedesc")),
      payer: payer === undefined ? undefined : accountOf(payer),
      payee: payee === undefined ? undefined : accountOf(payee),
      note: textAt(pay, "pay_memo"),
      transferId: keyAt(pay, "transferid"),
      transactionId: keyAt(pay, "transcationid") ?? keyAt(pay, "transactionid"),
    }),
  );
};

/** The digits of an amount and its currency; an amount that is not so written stays as it is. */
function amountOf(text: string | undefined): { amount?: string | undefined; currency?: string | undefined } {
  const [, sign = "", digits] = amount.exec(text ?? "") ?? [];
  if (digits === undefined) return { amount: text };
  const currency = currencies.get(sign) ?? (sign === "" ? undefined : sign);
  return { amount: digits.replaceAll(",", ""), currency };
}

export const readRedPacket: AppReader = ({ app }) => {
  const pay = at(app, "wcpayinfo");
  const greeting = textAt(pay, "sendertitle") ?? textAt(pay, "receivertitle") ?? textAt(app, "des");
  return part("redPacket", given({ greeting, packetId: keyAt(pay, "paymsgid") }));
};
