import { createCipheriv, createHash, randomBytes, sign, timingSafeEqual, verify } from "node:crypto";
import { randomLetters } from "../../../keys/ids.ts";
import { signatureOf, xmlOf } from "../../providers/wechat/signed-xml.ts";
import { decimal } from "../../providers/amounts.ts";
import { beijingDayNumber } from "../../providers/beijing.ts";
import { Ground, type Asked, type Reply } from "../ground.ts";
import { newRsaKey, type SimKey } from "../keys.ts";
import { donePage, payPage } from "../page.ts";
import { Post } from "../post.ts";
import type { Simulator, SimulatorParts } from "../simulator.ts";
import { billOf } from "./bill.ts";
import { WechatBooks, type SimContract, type SimOrder, type SimRefund } from "./books.ts";
import { answerXml, type Xml } from "./xml.ts";

/*
 * WeChat Pay as its documentation describes it: API version 3 for orders, refunds, bills and notices of charges, and
 * version 2 for contracts. Signatures are checked both ways, times to five minutes, nonces once.
 */

const STALE_S = 5 * 60;

export interface WechatSimulator extends Simulator {
  /** Whether nobody's money suffices for a charge on a contract. */
  declines: boolean;
  /** What was ordered and agreed to. */
  readonly books: WechatBooks;
}

export async function startWechat(parts: SimulatorParts): Promise<WechatSimulator> {
  const [merchant, own] = await Promise.all([newRsaKey(), newRsaKey()]);
  const simulator = new WechatLike(parts, { merchant, own });
  simulator.ground = await Ground.start((asked) => simulator.answer(asked));
  return simulator;
}

class WechatLike implements WechatSimulator, Xml {
  readonly name = "wechat";
  readonly post: Post;
  readonly books: WechatBooks;
  readonly mchid = `19${randomLetters(8).replace(/\D/g, "7")}`;
  readonly appid = `wx${randomLetters(16)}`;
  readonly apiV2Key = randomLetters(32);
  readonly planId = 12535;
  readonly #serial = randomBytes(20).toString("hex").toUpperCase();
  readonly #keyId = `PUB_KEY_ID_${randomLetters(20)}`;
  readonly #apiV3Key = randomLetters(32);
  readonly #parts: SimulatorParts;
  readonly #keys: { readonly merchant: SimKey; readonly own: SimKey };
  readonly #nonces = new Set<string>();
  #ahead = 0;
  ground!: Ground;

  constructor(parts: SimulatorParts, keys: { readonly merchant: SimKey; readonly own: SimKey }) {
    this.#parts = parts;
    this.#keys = keys;
    this.post = new Post(() => this.now(), parts.againMs);
    this.books = new WechatBooks(() => this.now());
  }

  get url(): string {
    return this.ground.url;
  }

  get settings() {
    const { mchid, appid, planId, apiV2Key } = this;
    return {
      wechat: {
        mchid,
        appid,
        serial: this.#serial,
        privateKey: this.#keys.merchant.privatePem,
        apiV3Key: this.#apiV3Key,
        keys: [{ id: this.#keyId, publicKey: this.#keys.own.publicPem }],
        contracts: { planId, apiV2Key, mostMinor: 500_00, serverIp: "127.0.0.1" },
        url: this.url,
      },
    };
  }

  get declines(): boolean {
    return this.books.declines;
  }

  set declines(value: boolean) {
    this.books.declines = value;
  }

  now(): number {
    return this.#parts.clock.now() + this.#ahead;
  }

  async pass(ms: number): Promise<void> {
    this.#ahead += ms;
    await this.post.turn();
  }

  answer(asked: Asked): Reply | undefined {
    if (asked.path.startsWith("/test/")) return this.#page(asked);
    if (asked.headers["content-type"]?.startsWith("text/xml") === true) return answerXml(this, asked);
    const bad = this.#badRequest(asked);
    if (bad !== undefined) return this.#signed(401, { code: "SIGN_ERROR", message: bad });
    if (asked.path === "/v3/billdownload/file")
      return { status: 200, body: billOf(this.books, asked.query.get("token") ?? "") ?? "" };
    const [status, value] = this.#do(asked);
    return this.#signed(status, value);
  }

  #badRequest({ method, target, headers, body }: Asked): string | undefined {
    const text = headers["authorization"] ?? "";
    const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(text)?.[1] ?? "";
    if (!text.startsWith("WECHATPAY2-SHA256-RSA2048 ")) return "scheme";
    if (field("mchid") !== this.mchid || field("serial_no") !== this.#serial) return "merchant";
    const [seconds, once] = [field("timestamp"), field("nonce_str")];
    if (!(Math.abs(this.#parts.clock.now() / 1000 - Number(seconds)) <= STALE_S)) return "time";
    const lines = Buffer.from(`${method}\n${target}\n${seconds}\n${once}\n${body}\n`);
    const signature = Buffer.from(field("signature"), "base64");
    if (!verify("sha256", lines, this.#keys.merchant.publicKey, signature)) return "signature";
    if (once.length < 16 || this.#nonces.has(once)) return "nonce";
    this.#nonces.add(once);
    return undefined;
  }

  #signed(status: number, value: object | undefined): Reply {
    const body = value === undefined ? "" : JSON.stringify(value);
    return { status, headers: { "content-type": "application/json", ...this.#sign(body) }, body };
  }

  #sign(body: string): Readonly<Record<string, string>> {
    const [seconds, once] = [String(Math.floor(this.#parts.clock.now() / 1000)), randomLetters(32)];
    const text = Buffer.from(`${seconds}\n${once}\n${body}\n`);
    return {
      "wechatpay-serial": this.#keyId,
      "wechatpay-timestamp": seconds,
      "wechatpay-nonce": once,
      "wechatpay-signature": sign("sha256", text, this.#keys.own.privateKey).toString("base64"),
    };
  }

  #do({ method, path, query, body }: Asked): readonly [status: number, value: object | undefined] {
    const json = (method === "POST" && body !== "" ? JSON.parse(body) : {}) as Body;
    const { orders, refunds } = this.books;
    const ways: readonly (readonly [RegExp, (id: string) => readonly [number, object | undefined]])[] = [
      [/^POST \/v3\/pay\/transactions\/(native|h5|jsapi)$/, (how) => this.#order(how, json)],
      [
        /^GET \/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
        (charge) => found(orders.get(charge), (order) => this.#orderJson(order)),
      ],
      [/^POST \/v3\/refund\/domestic\/refunds()$/, () => this.#refund(json)],
      [/^GET \/v3\/refund\/domestic\/refunds\/([^/]+)$/, (name) => found(refunds.get(name), refundJson)],
      [/^GET \/v3\/bill\/tradebill()$/, () => this.#bill(query.get("bill_date") ?? "")],
      [/^POST \/v3\/papay\/contracts\/([^/]+)\/notify$/, (id) => this.#announce(id, json)],
    ];
    for (const [pattern, does] of ways) {
      const match = pattern.exec(`${method} ${path}`);
      if (match !== null) return does(match[1] ?? "");
    }
    return [404, { code: "NOT_FOUND" }];
  }

  #order(how: string, json: Body): readonly [number, object] {
    if (json.mchid !== this.mchid || json.appid !== this.appid)
      return [400, { code: "APPID_MCHID_NOT_MATCH" }];
    if (!isWhole(how, json)) return [400, { code: "PARAM_ERROR" }];
    const { total = 0, currency = "" } = json.amount ?? {};
    const wanted = { charge: json.out_trade_no ?? "", total, currency, title: json.description ?? "" };
    const order = this.books.order({ ...wanted, type: how.toUpperCase() });
    if (typeof order === "string") return [400, { code: order }];
    const page = `${this.url}/test/order/${order.prepay}`;
    return [
      200,
      { native: { code_url: page }, h5: { h5_url: page }, jsapi: { prepay_id: order.prepay } }[how]!,
    ];
  }

  #refund(json: Body): readonly [number, object] {
    const { refund: amount = 0, total = 0, currency = "" } = json.amount ?? {};
    const [charge, name] = [json.out_trade_no ?? "", json.out_refund_no ?? ""];
    const isNew = !this.books.refunds.has(name);
    const made = this.books.refund({ charge, name, amount, total, currency });
    if (typeof made === "string") return [made === "RESOURCE_NOT_EXISTS" ? 404 : 400, { code: made }];
    if (isNew) this.#tell("REFUND.SUCCESS", { out_trade_no: charge, out_refund_no: name });
    return [200, refundJson(made)];
  }

  #bill(day: string): readonly [number, object] {
    if (beijingDayNumber(Date.parse(`${day}T00:00:00+08:00`)) >= beijingDayNumber(this.now()))
      return [400, { code: "PARAM_ERROR" }];
    const bill = billOf(this.books, day);
    if (bill === undefined) return [400, { code: "NO_STATEMENT_EXIST" }];
    const hash = createHash("sha1").update(bill).digest("hex");
    const url = `${this.url}/v3/billdownload/file?token=${day}`;
    return [200, { hash_type: "SHA1", hash_value: hash, download_url: url }];
  }

  #announce(id: string, json: Body): readonly [number, object | undefined] {
    const contract = this.books.contractById(id);
    if (contract === undefined) return [400, { code: "CONTRACT_NOT_EXIST" }];
    const [days, amount] = [json.deduct_duration?.count ?? 0, json.estimated_amount?.amount ?? 0];
    const code = this.books.announce(contract, { days, amount });
    return code === undefined ? [204, undefined] : [400, { code }];
  }

  #orderJson(order: SimOrder): object {
    const { mchid, appid } = this;
    const { charge: out_trade_no, state: trade_state, total, currency, type: trade_type } = order;
    const shared = { mchid, appid, out_trade_no, trade_state, trade_type };
    if (order.paidMs === 0) return shared;
    const success_time = new Date(order.paidMs).toISOString();
    return { ...shared, transaction_id: order.transaction, success_time, amount: { total, currency } };
  }

  #page({ method, path, query }: Asked): Reply | undefined {
    const [, , where, prepay, deed] = path.split("/");
    const wanted = where === "inside" ? this.#insideOf(query) : prepay;
    const order = [...this.books.orders.values()].find((each) => each.prepay === wanted);
    if (order === undefined) return undefined;
    const back = { returnUrl: query.get("redirect_url") ?? "", language: "zh" } as const;
    if (method === "GET")
      return payPage({
        provider: "微信支付 WeChat Pay",
        title: order.title,
        amount: `¥${decimal(order.total)}`,
        at: `/test/order/${order.prepay}`,
        language: "zh",
        ...(order.contractCode === undefined
          ? {}
          : { terms: ["同时签约自动续费。", "You also agree to further charges."] as const }),
      });
    if (deed !== "pay" || order.state !== "NOTPAY") return donePage(false, back);
    const contract = this.books.pay(order);
    this.told(order, contract);
    return donePage(true, back);
  }

  /** What WeChat does with the parameters of its own page: only those that were signed are taken. */
  #insideOf(query: URLSearchParams): string | undefined {
    const { paySign = "", ...fields } = Object.fromEntries(query) as Readonly<Record<string, string>>;
    const isByKey = fields["signType"] === "HMAC-SHA256";
    const due = signatureOf(fields, this.apiV2Key, "HMAC-SHA256");
    const lines = ["appId", "timeStamp", "nonceStr", "package"].map((name) => `${fields[name]}\n`).join("");
    const isSigned = isByKey
      ? paySign.length === due.length && timingSafeEqual(Buffer.from(paySign), Buffer.from(due))
      : verify("sha256", Buffer.from(lines), this.#keys.merchant.publicKey, Buffer.from(paySign, "base64"));
    return isSigned ? fields["package"]?.replace("prepay_id=", "") : undefined;
  }

  /** Tells of what was paid: orders with a contract the old way, and the contract besides. */
  told(order: SimOrder, contract: SimContract | undefined): void {
    if (order.contractCode === undefined && order.type !== "PAP") {
      this.#tell("TRANSACTION.SUCCESS", this.#orderJson(order));
      return;
    }
    this.tellXml({ result_code: "SUCCESS", out_trade_no: order.charge, total_fee: String(order.total) });
    if (contract !== undefined) this.toldOf(contract);
  }

  toldOf(contract: SimContract): void {
    const change = contract.endedMs === undefined ? "ADD" : "DELETE";
    const { code: contract_code, id: contract_id } = contract;
    this.tellXml({ result_code: "SUCCESS", contract_code, contract_id, change_type: change });
  }

  tellXml(fields: Readonly<Record<string, string>>): void {
    const filled = { return_code: "SUCCESS", mch_id: this.mchid, nonce_str: randomLetters(32), ...fields };
    const body = xmlOf({ ...filled, sign: signatureOf(filled, this.apiV2Key, "MD5") });
    this.post.tell(
      () => ({ url: `${this.#parts.hears}/wechat`, headers: { "content-type": "text/xml" }, body }),
      ({ status, body: text }) => status === 200 && text.includes("SUCCESS"),
    );
  }

  #tell(type: string, resource: object): void {
    const [iv, data] = [randomLetters(12), "transaction"];
    const cipher = createCipheriv("aes-256-gcm", this.#apiV3Key, iv).setAAD(Buffer.from(data));
    const text = JSON.stringify({ mchid: this.mchid, ...resource });
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString(
      "base64",
    );
    const body = JSON.stringify({
      id: `EV-${randomLetters(20)}`,
      create_time: new Date(this.now()).toISOString(),
      event_type: type,
      resource_type: "encrypt-resource",
      resource: { algorithm: "AEAD_AES_256_GCM", ciphertext: sealed, nonce: iv, associated_data: data },
    });
    this.post.tell(() => ({
      url: `${this.#parts.hears}/wechat`,
      headers: { "content-type": "application/json", ...this.#sign(body) },
      body,
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ground[Symbol.asyncDispose]();
  }
}

/** What requests of version 3 may hold, as far as it is looked at. */
interface Body {
  readonly mchid?: string;
  readonly appid?: string;
  readonly description?: string;
  readonly out_trade_no?: string;
  readonly out_refund_no?: string;
  readonly notify_url?: string;
  readonly amount?: { readonly total?: number; readonly refund?: number; readonly currency?: string };
  readonly payer?: { readonly openid?: string };
  readonly scene_info?: { readonly payer_client_ip?: string };
  readonly deduct_duration?: { readonly count?: number };
  readonly estimated_amount?: { readonly amount?: number };
}

/** Whether an order says who pays, where that is asked for, and where to tell of it. */
function isWhole(how: string, { payer, scene_info, notify_url }: Body): boolean {
  if (how === "jsapi" && payer?.openid === undefined) return false;
  if (how === "h5" && scene_info?.payer_client_ip === undefined) return false;
  return notify_url?.includes("?") === false;
}

function found<T>(value: T | undefined, json: (value: T) => object): readonly [number, object] {
  return value === undefined ? [404, { code: "RESOURCE_NOT_EXISTS" }] : [200, json(value)];
}

function refundJson({ id, name, charge, amount, total, atMs }: SimRefund): object {
  return {
    refund_id: id,
    out_refund_no: name,
    out_trade_no: charge,
    status: "SUCCESS",
    success_time: new Date(atMs).toISOString(),
    amount: { refund: amount, total, currency: "CNY" },
  };
}
