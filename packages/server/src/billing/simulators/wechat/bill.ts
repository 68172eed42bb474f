import { decimal } from "../../providers/amounts.ts";
import { beijingDay, beijingTime } from "../../providers/beijing.ts";
import type { SimOrder, WechatBooks } from "./books.ts";

const names =
  "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注".split(
    ",",
  );

/** The bill of a day in Beijing; undefined where nothing moved. */
export function billOf(books: WechatBooks, day: string): string | undefined {
  const row = (order: SimOrder, atMs: number, own: Readonly<Record<string, string>>): string => {
    const shared: Readonly<Record<string, string>> = {
      交易时间: beijingTime(atMs),
      微信订单号: order.transaction,
      商户订单号: order.charge,
      交易类型: order.type,
      货币种类: order.currency,
      商品名称: order.title.replaceAll(",", " "),
      订单金额: decimal(order.total),
    };
    return names.map((name) => `\`${own[name] ?? shared[name] ?? "0.00"}`).join(",");
  };
  const orders = [...books.orders.values()]
    .filter(({ paidMs }) => paidMs > 0 && beijingDay(paidMs) === day)
    .map((order) => row(order, order.paidMs, { 交易状态: "SUCCESS" }));
  const refunds = [...books.refunds.values()]
    .filter(({ atMs }) => beijingDay(atMs) === day)
    .map(({ id, name, charge, amount, atMs }) =>
      row(books.orders.get(charge)!, atMs, {
        交易状态: "REFUND",
        微信退款单号: id,
        商户退款单号: name,
        订单金额: "0.00",
        申请退款金额: decimal(amount),
        退款状态: "SUCCESS",
      }),
    );
  const rows = [...orders, ...refunds];
  if (rows.length === 0) return undefined;
  return `\uFEFF${names.join(",")}\r\n${rows.join("\r\n")}\r\n总交易单数,应结订单总金额\r\n\`${rows.length},\`0.00\r\n`;
}
