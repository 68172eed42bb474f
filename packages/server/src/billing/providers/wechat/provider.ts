import { createHash } from "node:crypto";
import { channels } from "@keepsake/core/plans";
import type { Paid, Refunded, Statement } from "../../dealing/statements.ts";
import { whole } from "../amounts.ts";
import { isoTime } from "../days.ts";
import { nonce, subscriptionOfCharge } from "../names.ts";
import { forEachOf, standing, type ProviderParts } from "../parts.ts";
import { away, badSignature, refused } from "../problems.ts";
import type { Begun, Heard, Hint, Known, Movement, Provider, Purchase, Refund } from "../provider.ts";
import type { WechatSettings } from "../schema.ts";
import { wechatMovements } from "./bill.ts";
import { WechatContracts } from "./contracts.ts";
import { fieldsOf, signatureOf, xmlOf } from "./signed-xml.ts";
import { WechatV3 } from "./signed-json.ts";

interface Order {
  readonly mchid: string;
  readonly out_trade_no: string;
  readonly transaction_id?: string;
  readonly trade_state: string;
  readonly success_time?: string;
  readonly amount?: { readonly total: number; readonly currency: string };
}

interface WechatRefund {
  readonly refund_id: string;
  readonly out_refund_no: string;
  readonly out_trade_no: string;
  readonly status: string;
  readonly success_time?: string;
  readonly amount: { readonly refund: number; readonly currency: string };
}

/** WeChat Pay: a code on a screen, a phone's browser, or inside WeChat; contracts for further terms. */
export class WechatProvider implements Provider {
  readonly name = "wechat";
  readonly channels = channels.filter((channel) => channel !== "iphone");
  readonly isTest: boolean;
  readonly renewal: "ours" | "none";
  readonly refunds = "parts";
  readonly agreements?: WechatContracts;
  readonly #settings: WechatSettings;
  readonly #parts: ProviderParts;
  readonly #v3: WechatV3;

  constructor(settings: WechatSettings, parts: ProviderParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.isTest = parts.isTest;
    this.#v3 = new WechatV3(settings, parts.clock);
    const { contracts } = settings;
    this.renewal = contracts === undefined ? "none" : "ours";
    if (contracts !== undefined)
      this.agreements = new WechatContracts({ ...settings, contracts }, this.#v3, parts);
  }

  async begin(purchase: Purchase): Promise<Begun> {
    if (purchase.currency !== "CNY") throw refused("currency");
    const next = purchase.renews ? await this.#sign(purchase) : await this.#order(purchase);
    return { reference: purchase.charge, next };
  }

  async #order(purchase: Purchase): Promise<Begun["next"]> {
    const { mchid, appid } = this.#settings;
    const how = { page: "native", phone: "h5", inside: "jsapi" }[purchase.screen];
    const made = await this.#v3.ask<{ code_url?: string; h5_url?: string; prepay_id?: string }>(
      "POST",
      `/v3/pay/transactions/${how}`,
      {
        mchid,
        appid,
        description: purchase.title,
        out_trade_no: purchase.charge,
        notify_url: this.#parts.hearsAt,
        amount: { total: purchase.amountMinor, currency: purchase.currency },
        ...(how === "h5"
          ? { scene_info: { payer_client_ip: neededOf(purchase.payerAddress), h5_info: { type: "Wap" } } }
          : {}),
        ...(how === "jsapi" ? { payer: { openid: neededOf(purchase.payer) } } : {}),
      },
    );
    const prepay = made?.prepay_id;
    return nextOf(
      { code: made?.code_url, url: made?.h5_url, prepay },
      { returnUrl: purchase.returnUrl, sign: (id) => this.#inside(id) },
    );
  }

  /** An order that is paid and signed for further terms in one. */
  async #sign(purchase: Purchase): Promise<Begun["next"]> {
    const { agreements } = this;
    if (agreements === undefined) throw refused("no-contracts");
    if (purchase.renewalMinor > (await agreements.mostMinor())) throw refused("over-contract");
    const { title, subscription } = purchase;
    const said = await agreements.order(
      {
        body: title,
        out_trade_no: purchase.charge,
        total_fee: String(purchase.amountMinor),
        trade_type: { page: "NATIVE", phone: "MWEB", inside: "JSAPI" }[purchase.screen],
        ...(purchase.payerAddress === undefined ? {} : { spbill_create_ip: purchase.payerAddress }),
        ...(purchase.screen === "inside" ? { openid: neededOf(purchase.payer) } : {}),
      },
      { subscription, title },
    );
    return nextOf(
      { code: said["code_url"], url: said["mweb_url"], prepay: said["prepay_id"] },
      { returnUrl: purchase.returnUrl, sign: (id) => this.#insideByKey(id) },
    );
  }

  /** What WeChat's own page is called with. */
  #inside(prepay: string): Readonly<Record<string, string>> {
    const [appId, timeStamp] = [this.#settings.appid, this.#seconds()];
    const [nonceStr, text] = [nonce(), `prepay_id=${prepay}`];
    const paySign = this.#v3.sign([appId, timeStamp, nonceStr, text]);
    return { appId, timeStamp, nonceStr, package: text, signType: "RSA", paySign };
  }

  #insideByKey(prepay: string): Readonly<Record<string, string>> {
    const key = this.#settings.contracts?.apiV2Key ?? "";
    const fields = {
      appId: this.#settings.appid,
      timeStamp: this.#seconds(),
      nonceStr: nonce(),
      package: `prepay_id=${prepay}`,
      signType: "HMAC-SHA256",
    };
    return { ...fields, paySign: signatureOf(fields, key, "HMAC-SHA256") };
  }

  #seconds(): string {
    return String(Math.floor(this.#parts.clock.now() / 1000));
  }

  hear({ headers, body }: Heard): Promise<Hint> {
    return Promise.resolve().then(() =>
      body[0] === "<".charCodeAt(0) ? this.#hearXml(body) : this.#hearJson(headers, body),
    );
  }

  #hearJson(headers: Heard["headers"], body: Uint8Array): Hint {
    const { id, resource } = this.#v3.open(headers, body);
    const subscription = subscriptionOfCharge(resource.out_trade_no);
    if (resource.mchid !== this.#settings.mchid) throw badSignature("merchant");
    const answer = { status: 200, type: "application/json", body: '{"code":"SUCCESS","message":"OK"}' };
    return { id, about: subscription === undefined ? [] : [{ subscription }], answer };
  }

  /** Calls about contracts and what is charged on them. They carry no time: old ones come to nothing new. */
  #hearXml(body: Uint8Array): Hint {
    const text = Buffer.from(body).toString("utf8");
    const fields = fieldsOf(text);
    if (this.agreements?.v2.isSigned(fields) !== true) throw badSignature("signature");
    if (fields["mch_id"] !== this.#settings.mchid) throw badSignature("merchant");
    const subscription = fields["contract_code"] ?? subscriptionOfCharge(fields["out_trade_no"]);
    const answer = {
      status: 200,
      type: "text/xml",
      body: xmlOf({ return_code: "SUCCESS", return_msg: "OK" }),
    };
    const id = createHash("sha256").update(text).digest("hex");
    return { id, about: subscription === undefined ? [] : [{ subscription }], answer };
  }

  async look(known: Known): Promise<readonly Statement[]> {
    const paid = await forEachOf(known.charges, (charge) => this.#lookAtOrder(charge));
    const refunds = await forEachOf(known.refunds, (each) => this.#lookAtRefund(each));
    const contract = await this.agreements?.signed(known);
    const state = { isPending: paid.length === 0, renews: contract !== undefined };
    return [...paid, ...refunds, standing(known, this.#parts.clock.now(), state)];
  }

  async #lookAtOrder(charge: string): Promise<readonly Paid[]> {
    const { mchid } = this.#settings;
    const path = `/v3/pay/transactions/out-trade-no/${encodeURIComponent(charge)}?mchid=${mchid}`;
    const order = await this.#v3.ask<Order>("GET", path);
    if (order === undefined || !/^(?:SUCCESS|REFUND)$/.test(order.trade_state)) return [];
    if (order.mchid !== mchid || order.out_trade_no !== charge) throw refused("foreign");
    return [
      {
        kind: "paid",
        id: `paid:${order.transaction_id}`,
        atMs: isoTime(order.success_time),
        charge,
        amountMinor: whole(order.amount?.total),
        currency: order.amount?.currency ?? "",
      },
    ];
  }

  async #lookAtRefund({ refund, charge }: Known["refunds"][number]): Promise<readonly Refunded[]> {
    const path = `/v3/refund/domestic/refunds/${encodeURIComponent(refund)}`;
    const made = await this.#v3.ask<WechatRefund>("GET", path);
    if (made === undefined || made.status !== "SUCCESS") return [];
    if (made.out_refund_no !== refund || made.out_trade_no !== charge) throw refused("foreign");
    return [
      {
        kind: "refunded",
        id: `refunded:${made.refund_id}`,
        atMs: isoTime(made.success_time),
        charge,
        amountMinor: whole(made.amount.refund),
        isRevoked: false,
      },
    ];
  }

  async refund(refund: Refund): Promise<void> {
    const made = await this.#v3.ask<WechatRefund>("POST", "/v3/refund/domestic/refunds", {
      out_trade_no: refund.charge,
      out_refund_no: refund.refund,
      notify_url: this.#parts.hearsAt,
      amount: { refund: refund.amountMinor, total: refund.chargeMinor, currency: refund.currency },
    });
    if (made === undefined) throw refused("not-paid");
    if (!/^(?:SUCCESS|PROCESSING)$/.test(made.status)) throw refused(made.status);
  }

  async stop(known: Known): Promise<void> {
    await this.agreements?.end(known);
  }

  movements(day: string): Promise<readonly Movement[]> {
    return wechatMovements(this.#v3, day, this.#parts.clock.now());
  }
}

function neededOf(value: string | undefined): string {
  if (value === undefined) throw refused("payer-needed");
  return value;
}

function nextOf(
  made: {
    readonly code: string | undefined;
    readonly url: string | undefined;
    readonly prepay: string | undefined;
  },
  how: { readonly returnUrl: string; readonly sign: (prepay: string) => Readonly<Record<string, string>> },
): Begun["next"] {
  if (made.url !== undefined) {
    const url = new URL(made.url);
    url.searchParams.set("redirect_url", how.returnUrl);
    return { how: "redirect", url: url.href };
  }
  if (made.code !== undefined) return { how: "qr", text: made.code };
  if (made.prepay !== undefined) return { how: "inside", parameters: how.sign(made.prepay) };
  throw away("answer");
}
