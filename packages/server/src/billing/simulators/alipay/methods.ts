import { randomLetters } from "../../../keys/ids.ts";
import { decimal, hundredths } from "../../providers/amounts.ts";
import { beijingTime, fromBeijing } from "../../providers/beijing.ts";
import type { AlipayBooks, SimAgreement, SimTrade } from "./books.ts";

/** What a method is asked, as far as it is looked at. */
export interface Content {
  readonly out_trade_no?: string;
  readonly total_amount?: string;
  readonly subject?: string;
  readonly product_code?: string;
  readonly out_request_no?: string;
  readonly refund_amount?: string;
  readonly agreement_params?: { readonly agreement_no?: string };
  readonly external_agreement_no?: string;
  readonly personal_product_code?: string;
  readonly sign_scene?: string;
  readonly period_rule_params?: {
    readonly period_type?: string;
    readonly execute_time?: string;
    readonly single_amount?: string;
  };
  readonly start_time?: string;
  readonly end_time?: string;
  readonly page_no?: string;
  readonly page_size?: string;
}

/** What changed, that somebody has to be told of. */
interface Told {
  paid(trade: SimTrade): void;
  refunded(trade: SimTrade): void;
  ended(agreement: SimAgreement): void;
}

type Answer = Readonly<Record<string, unknown>> | string;
type Method = (books: AlipayBooks, content: Content, told: Told) => Answer;

/** An answer, or the code of a problem. */
export const methods: Readonly<Record<string, Method>> = {
  "alipay.trade.query": (books, { out_trade_no = "" }) => {
    const trade = books.trades.get(out_trade_no);
    return trade === undefined ? "ACQ.TRADE_NOT_EXIST" : tradeJson(trade);
  },
  "alipay.trade.pay": (books, content, told) => {
    if (content.product_code !== "CYCLE_PAY_AUTH") return "ACQ.INVALID_PARAMETER";
    const trade = books.open(
      content.out_trade_no ?? "",
      hundredths(content.total_amount),
      content.subject ?? "",
    );
    if (typeof trade === "string") return trade;
    const code = books.charge(content.agreement_params?.agreement_no, trade);
    if (code !== undefined) return code;
    told.paid(trade);
    return tradeJson(trade);
  },
  "alipay.trade.refund": (books, content, told) => {
    const { out_trade_no: charge = "", out_request_no: name = "" } = content;
    const isNew = !books.refunds.has(name);
    const refund = books.refund(charge, name, hundredths(content.refund_amount));
    if (typeof refund === "string") return refund;
    if (isNew) told.refunded(books.trades.get(charge)!);
    return { out_trade_no: charge, fund_change: isNew ? "Y" : "N", refund_fee: decimal(refund.amount) };
  },
  "alipay.trade.fastpay.refund.query": (books, { out_trade_no = "", out_request_no = "" }) => {
    if (!books.trades.has(out_trade_no)) return "ACQ.TRADE_NOT_EXIST";
    const refund = books.refunds.get(out_request_no);
    if (refund === undefined || refund.charge !== out_trade_no) return {};
    return {
      out_trade_no,
      out_request_no,
      refund_amount: decimal(refund.amount),
      refund_status: "REFUND_SUCCESS",
      gmt_refund_pay: beijingTime(refund.atMs),
    };
  },
  "alipay.user.agreement.query": (books, content) => {
    const agreement = books.agreements.get(content.external_agreement_no ?? "");
    if (agreement === undefined || agreement.status === "TEMP") return "USER_AGREEMENT_NOT_EXIST";
    return agreementJson(agreement);
  },
  "alipay.user.agreement.unsign": (books, content, told) => {
    const agreement = books.agreements.get(content.external_agreement_no ?? "");
    if (agreement?.status !== "NORMAL") return "USER_AGREEMENT_NOT_EXIST";
    agreement.status = "STOP";
    told.ended(agreement);
    return {};
  },
  "alipay.data.bill.accountlog.query": (books, content) => {
    const [from, until] = [fromBeijing(content.start_time), fromBeijing(content.end_time)];
    const all = books.log.filter(({ atMs }) => atMs >= from && atMs <= until);
    const size = Number(content.page_size);
    const start = (Number(content.page_no) - 1) * size;
    return {
      page_no: content.page_no,
      total_size: String(all.length),
      detail_list: all.slice(start, start + size).map(({ id, atMs, amount, charge }) => ({
        account_log_id: id,
        trans_dt: beijingTime(atMs),
        trans_amount: decimal(Math.abs(amount)),
        direction: amount < 0 ? "支出" : "收入",
        type: amount < 0 ? "交易退款" : "交易",
        merchant_order_no: charge,
      })),
    };
  },
};

/** A trade or an agreement that a page is for; undefined where it is asked for wrongly. */
export function pageOf(
  books: AlipayBooks,
  method: string,
  content: Content,
): SimTrade | SimAgreement | undefined {
  if (method === "alipay.user.agreement.page.sign") return agreementOf(books, content);
  const product = {
    "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
    "alipay.trade.wap.pay": "QUICK_WAP_WAY",
  }[method];
  if (product === undefined || content.product_code !== product) return undefined;
  const trade = books.open(
    content.out_trade_no ?? "",
    hundredths(content.total_amount),
    content.subject ?? "",
  );
  return typeof trade === "string" ? undefined : trade;
}

function agreementOf(books: AlipayBooks, content: Content): SimAgreement | undefined {
  const { external_agreement_no: name = "", period_rule_params: rule, sign_scene } = content;
  const isWhole = content.personal_product_code === "CYCLE_PAY_AUTH_P" && /^[0-9A-Za-z]{1,32}$/.test(name);
  const isRule = rule?.period_type === "MONTH" && Number(rule.execute_time?.slice(8)) <= 28;
  if (!isWhole || !isRule || sign_scene === undefined) return undefined;
  const agreement: SimAgreement = books.agreements.get(name) ?? {
    no: `2027${randomLetters(16)}`,
    name,
    most: hundredths(rule.single_amount),
    status: "TEMP",
  };
  books.agreements.set(name, agreement);
  return agreement;
}

export function tradeJson(trade: SimTrade): Readonly<Record<string, string>> {
  return {
    out_trade_no: trade.charge,
    trade_no: trade.trade,
    trade_status: trade.status,
    total_amount: decimal(trade.amount),
    ...(trade.paidMs === 0 ? {} : { send_pay_date: beijingTime(trade.paidMs) }),
  };
}

export function agreementJson(agreement: SimAgreement): Readonly<Record<string, string>> {
  return {
    agreement_no: agreement.no,
    external_agreement_no: agreement.name,
    status: agreement.status,
    single_quota: decimal(agreement.most),
  };
}
