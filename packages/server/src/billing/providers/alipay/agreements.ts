import type { Clock } from "@keepsake/core/base";
import { decimal, hundredths } from "../amounts.ts";
import { beijingDay } from "../beijing.ts";
import { DAY_MS } from "../days.ts";
import { refused } from "../problems.ts";
import type { Agreements, Charge, Known, Purchase } from "../provider.ts";
import type { AlipayGateway } from "./gateway.ts";

interface Agreement {
  readonly agreement_no: string;
  readonly external_agreement_no: string;
  readonly status: string;
  /** The most that one charge may have, in yuan. */
  readonly single_quota?: string;
}

const NOT_SIGNED = /USER_AGREEMENT_NOT_EXIST|AGREEMENT_NOT_EXIST/;

/** Agreements on periodic charges: signed first, every charge asked for by us, the first one too. */
export class AlipayAgreements implements Agreements {
  readonly announceDays = 0;
  readonly #gateway: AlipayGateway;
  readonly #signScene: string;
  readonly #parts: { readonly clock: Clock; readonly hearsAt: string };

  constructor(
    gateway: AlipayGateway,
    signScene: string,
    parts: { readonly clock: Clock; readonly hearsAt: string },
  ) {
    this.#gateway = gateway;
    this.#signScene = signScene;
    this.#parts = parts;
  }

  /** Where the person signs. The agreement holds no charge that is higher than what they were told. */
  page(purchase: Purchase): string {
    const { subscription, period, amountMinor, renewalMinor, screen, returnUrl } = purchase;
    const content = {
      ...this.#named(subscription),
      product_code: "CYCLE_PAY_AUTH",
      access_params: { channel: screen === "page" ? "QRCODE" : "ALIPAYAPP" },
      period_rule_params: {
        period_type: "MONTH",
        period: period === "year" ? "12" : "1",
        execute_time: firstDay(this.#parts.clock.now()),
        single_amount: decimal(Math.max(amountMinor, renewalMinor)),
      },
    };
    return this.#gateway.page("alipay.user.agreement.page.sign", content, {
      notify_url: this.#parts.hearsAt,
      return_url: returnUrl,
    });
  }

  /** The agreement where it is signed and was not ended. */
  async signed({ subscription }: Pick<Known, "subscription">): Promise<Agreement | undefined> {
    const said = await this.#gateway.ask<Agreement>(
      "alipay.user.agreement.query",
      this.#named(subscription),
      { allowed: NOT_SIGNED },
    );
    if (said === undefined || said.status !== "NORMAL") return undefined;
    if (said.external_agreement_no !== subscription) throw refused("foreign");
    return said;
  }

  /** Alipay asks for no notice of its own: ours to the person stands. */
  announce(): Promise<void> {
    return Promise.resolve();
  }

  async charge(charge: Charge): Promise<void> {
    if (charge.currency !== "CNY") throw refused("currency");
    const agreement = await this.signed(charge);
    if (agreement === undefined) throw refused("no-contract");
    await this.#gateway.ask(
      "alipay.trade.pay",
      {
        out_trade_no: charge.charge,
        total_amount: decimal(charge.amountMinor),
        subject: charge.title,
        product_code: "CYCLE_PAY_AUTH",
        agreement_params: { agreement_no: agreement.agreement_no },
      },
      { allowed: /ACQ\.TRADE_HAS_SUCCESS/, notifyUrl: this.#parts.hearsAt },
    );
  }

  async mostMinor(known: Known): Promise<number | undefined> {
    const quota = (await this.signed(known))?.single_quota;
    return quota === undefined ? undefined : hundredths(quota);
  }

  async end({ subscription }: Pick<Known, "subscription">): Promise<void> {
    await this.#gateway.ask("alipay.user.agreement.unsign", this.#named(subscription), {
      allowed: NOT_SIGNED,
    });
  }

  #named(subscription: string): object {
    return {
      personal_product_code: "CYCLE_PAY_AUTH_P",
      sign_scene: this.#signScene,
      external_agreement_no: subscription,
    };
  }
}

/** The day from which months are counted: today, or the first of the next month where today is after the 28th. */
function firstDay(nowMs: number): string {
  for (let ms = nowMs; ; ms += DAY_MS) {
    const day = beijingDay(ms);
    if (Number(day.slice(8)) <= 28) return day;
  }
}
