import { channels } from "@keepsake/core/plans";
import type { Paid, Refunded, Statement } from "../../dealing/statements.ts";
import { decimal, hundredths } from "../amounts.ts";
import { beijingTime, fromBeijing } from "../beijing.ts";
import { DAY_MS, dayBegins } from "../days.ts";
import { subscriptionOfCharge } from "../names.ts";
import { forEachOf, standing, type ProviderParts } from "../parts.ts";
import { badSignature, refused } from "../problems.ts";
import type { Begun, Heard, Hint, Known, Movement, Provider, Purchase, Refund } from "../provider.ts";
import type { AlipaySettings } from "../schema.ts";
import { AlipayAgreements } from "./agreements.ts";
import { AlipayGateway } from "./gateway.ts";
import type { Fields } from "./signing.ts";

interface Trade {
  readonly trade_no: string;
  readonly out_trade_no: string;
  readonly trade_status: string;
  readonly total_amount: string;
  /** Where it was paid. */
  readonly send_pay_date?: string;
  readonly trans_currency?: string;
}

interface AlipayRefund {
  readonly out_request_no?: string;
  readonly refund_status?: string;
  readonly refund_amount?: string;
  readonly gmt_refund_pay?: string;
}

interface LogEntry {
  readonly account_log_id: string;
  readonly trans_dt: string;
  readonly trans_amount: string;
  readonly merchant_order_no?: string;
  readonly direction: string;
  readonly type?: string;
}

/** Calls come again for 25 hours. */
const STALE_MS = 26 * 60 * 60_000;
const PAGE = 1000;

/** Alipay: its page on a screen or a phone; agreements for further terms. */
export class AlipayProvider implements Provider {
  readonly name = "alipay";
  readonly channels = channels.filter((channel) => channel !== "iphone");
  readonly isTest: boolean;
  readonly renewal: "ours" | "none";
  readonly refunds = "parts";
  readonly agreements?: AlipayAgreements;
  readonly #settings: AlipaySettings;
  readonly #parts: ProviderParts;
  readonly #gateway: AlipayGateway;

  constructor(settings: AlipaySettings, parts: ProviderParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.isTest = parts.isTest;
    this.#gateway = new AlipayGateway(settings, parts.clock);
    const scene = settings.agreements?.signScene;
    this.renewal = scene === undefined ? "none" : "ours";
    if (scene !== undefined) this.agreements = new AlipayAgreements(this.#gateway, scene, parts);
  }

  begin(purchase: Purchase): Promise<Begun> {
    return Promise.resolve().then(() => ({
      reference: purchase.renews ? purchase.subscription : purchase.charge,
      next: { how: "redirect", url: this.#pageOf(purchase) },
    }));
  }

  #pageOf(purchase: Purchase): string {
    if (purchase.currency !== "CNY") throw refused("currency");
    if (purchase.renews) {
      if (this.agreements === undefined) throw refused("no-contracts");
      return this.agreements.page(purchase);
    }
    const isPage = purchase.screen === "page";
    const content = {
      out_trade_no: purchase.charge,
      total_amount: decimal(purchase.amountMinor),
      subject: purchase.title,
      product_code: isPage ? "FAST_INSTANT_TRADE_PAY" : "QUICK_WAP_WAY",
    };
    const own = { notify_url: this.#parts.hearsAt, return_url: purchase.returnUrl };
    return this.#gateway.page(isPage ? "alipay.trade.page.pay" : "alipay.trade.wap.pay", content, own);
  }

  hear({ body }: Heard): Promise<Hint> {
    return Promise.resolve().then(() => this.#hear(body));
  }

  #hear(body: Uint8Array): Hint {
    const form = new URLSearchParams(Buffer.from(body).toString("utf8"));
    const fields: Fields = Object.fromEntries(form);
    if (!this.#gateway.isOwn(fields)) throw badSignature("signature");
    const app = fields["app_id"] ?? fields["auth_app_id"];
    if (app !== this.#settings.appId) throw badSignature("merchant");
    if ((fields["seller_id"] ?? this.#settings.sellerId) !== this.#settings.sellerId)
      throw badSignature("merchant");
    const sent = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(fields["notify_time"] ?? "");
    if (!sent || Math.abs(this.#parts.clock.now() - fromBeijing(fields["notify_time"])) > STALE_MS)
      throw badSignature("stale");
    const subscription = fields["external_agreement_no"] ?? subscriptionOfCharge(fields["out_trade_no"]);
    return {
      id: fields["notify_id"] ?? "",
      about: subscription === undefined ? [] : [{ subscription }],
      answer: { status: 200, type: "text/plain", body: "success" },
    };
  }

  async look(known: Known): Promise<readonly Statement[]> {
    const paid = await forEachOf(known.charges, (charge) => this.#lookAtTrade(charge));
    const refunds = await forEachOf(known.refunds, (each) => this.#lookAtRefund(each));
    const agreement = await this.agreements?.signed(known);
    const state = { isPending: paid.length === 0, renews: agreement !== undefined };
    return [...paid, ...refunds, standing(known, this.#parts.clock.now(), state)];
  }

  async #trade(charge: string): Promise<Trade | undefined> {
    const trade = await this.#gateway.ask<Trade>(
      "alipay.trade.query",
      { out_trade_no: charge },
      { allowed: /ACQ\.TRADE_NOT_EXIST/ },
    );
    if (trade !== undefined && trade.out_trade_no !== charge) throw refused("foreign");
    return trade;
  }

  /** What was paid back whole is closed, as what was never paid: the day of payment tells them apart. */
  async #lookAtTrade(charge: string): Promise<readonly Paid[]> {
    const trade = await this.#trade(charge);
    if (trade?.send_pay_date === undefined || !trade.trade_status.startsWith("TRADE_")) return [];
    return [
      {
        kind: "paid",
        id: `paid:${trade.trade_no}`,
        atMs: fromBeijing(trade.send_pay_date),
        charge,
        amountMinor: hundredths(trade.total_amount),
        currency: trade.trans_currency ?? "CNY",
      },
    ];
  }

  async #lookAtRefund({ refund, charge }: Known["refunds"][number]): Promise<readonly Refunded[]> {
    const made = await this.#gateway.ask<AlipayRefund>(
      "alipay.trade.fastpay.refund.query",
      { out_trade_no: charge, out_request_no: refund, query_options: ["gmt_refund_pay"] },
      { allowed: /ACQ\.TRADE_NOT_EXIST/ },
    );
    if (made?.refund_status !== "REFUND_SUCCESS") return [];
    return [
      {
        kind: "refunded",
        id: `refunded:${refund}`,
        atMs: fromBeijing(made.gmt_refund_pay),
        charge,
        amountMinor: hundredths(made.refund_amount),
        isRevoked: false,
      },
    ];
  }

  async refund(refund: Refund): Promise<void> {
    const trade = await this.#trade(refund.charge);
    if (trade === undefined) throw refused("not-paid");
    const isSame = hundredths(trade.total_amount) === refund.chargeMinor && refund.currency === "CNY";
    if (!isSame) throw refused("other-amount");
    await this.#gateway.ask("alipay.trade.refund", {
      out_trade_no: refund.charge,
      out_request_no: refund.refund,
      refund_amount: decimal(refund.amountMinor),
    });
  }

  async stop(known: Known): Promise<void> {
    await this.agreements?.end(known);
  }

  /** Entries of the account's log that carry a name of ours; what Alipay keeps for itself carries none. */
  async movements(day: string): Promise<readonly Movement[]> {
    const fromMs = dayBegins(day);
    const found: LogEntry[] = [];
    for (let page = 1; ; page++) {
      const part = await this.#gateway.ask<{ readonly detail_list?: readonly LogEntry[] }>(
        "alipay.data.bill.accountlog.query",
        {
          start_time: beijingTime(fromMs),
          end_time: beijingTime(fromMs + DAY_MS - 1000),
          page_no: String(page),
          page_size: String(PAGE),
        },
      );
      const list = part?.detail_list ?? [];
      found.push(...list);
      if (list.length < PAGE) break;
    }
    return found
      .filter((each) => subscriptionOfCharge(each.merchant_order_no) !== undefined)
      .filter(({ type = "" }) => !/收费|服务费/.test(type))
      .map((each) => ({
        id: each.account_log_id,
        atMs: fromBeijing(each.trans_dt),
        charge: each.merchant_order_no ?? "",
        amountMinor: Math.abs(hundredths(each.trans_amount)) * (each.direction === "支出" ? -1 : 1),
        currency: "CNY",
      }));
  }
}
