import { sign } from "node:crypto";
import { randomLetters } from "../../../keys/ids.ts";
import { isRequestSigned, signFields } from "../../providers/alipay/signing.ts";
import { decimal } from "../../providers/amounts.ts";
import { beijingTime, fromBeijing } from "../../providers/beijing.ts";
import { Ground, type Asked, type Reply } from "../ground.ts";
import { newRsaKey, type SimKey } from "../keys.ts";
import { donePage, payPage } from "../page.ts";
import { Post } from "../post.ts";
import type { Simulator, SimulatorParts } from "../simulator.ts";
import { AlipayBooks, type SimAgreement, type SimTrade } from "./books.ts";
import { agreementJson, methods, pageOf, tradeJson, type Content } from "./methods.ts";

/* Alipay's gateway as its documentation describes it: requests, answers and calls signed with RSA2. */

const STALE_MS = 15 * 60_000;

export interface AlipaySimulator extends Simulator {
  /** Whether nobody's money suffices for a charge on an agreement. */
  declines: boolean;
}

export async function startAlipay(parts: SimulatorParts): Promise<AlipaySimulator> {
  const [merchant, own] = await Promise.all([newRsaKey(), newRsaKey()]);
  const simulator = new AlipayLike(parts, { merchant, own });
  simulator.ground = await Ground.start((asked) => simulator.answer(asked));
  return simulator;
}

/** What a page is for, and where the person goes afterwards. */
interface Open {
  readonly what: SimTrade | SimAgreement;
  readonly returnUrl: string;
}

class AlipayLike implements AlipaySimulator {
  readonly name = "alipay";
  readonly post: Post;
  readonly #appId = `2021${randomLetters(12).replace(/\D/g, "4")}`;
  readonly #sellerId = `2088${randomLetters(12).replace(/\D/g, "6")}`;
  readonly #books: AlipayBooks;
  readonly #parts: SimulatorParts;
  readonly #keys: { readonly merchant: SimKey; readonly own: SimKey };
  readonly #pages = new Map<string, Open>();
  #ahead = 0;
  ground!: Ground;

  constructor(parts: SimulatorParts, keys: { readonly merchant: SimKey; readonly own: SimKey }) {
    this.#parts = parts;
    this.#keys = keys;
    this.post = new Post(() => this.now(), parts.againMs);
    this.#books = new AlipayBooks(() => this.now());
  }

  get url(): string {
    return this.ground.url;
  }

  get settings() {
    return {
      alipay: {
        appId: this.#appId,
        sellerId: this.#sellerId,
        privateKey: this.#keys.merchant.privatePem,
        alipayPublicKey: this.#keys.own.publicPem,
        agreements: { signScene: "INDUSTRY|DIGITAL_MEDIA" },
        url: `${this.url}/gateway.do`,
      },
    };
  }

  get declines(): boolean {
    return this.#books.declines;
  }

  set declines(value: boolean) {
    this.#books.declines = value;
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
    if (asked.path !== "/gateway.do") return undefined;
    const isPost = asked.method === "POST";
    const fields = Object.fromEntries(isPost ? new URLSearchParams(asked.body) : asked.query);
    const bad = this.#badRequest(fields);
    if (bad !== undefined) {
      const error_response = { code: "40002", msg: "Invalid Arguments", sub_code: bad };
      return { status: 200, body: JSON.stringify({ error_response }) };
    }
    const [method = "", content] = [fields["method"], JSON.parse(fields["biz_content"] ?? "{}") as Content];
    if (isPost) return this.#do(method, content);
    const what = pageOf(this.#books, method, content);
    if (what === undefined) return { status: 400, body: "ILLEGAL_ARGUMENT" };
    const id = randomLetters(20);
    this.#pages.set(id, { what, returnUrl: fields["return_url"] ?? "" });
    return { status: 302, headers: { location: `/test/page/${id}` } };
  }

  #badRequest(fields: Readonly<Record<string, string>>): string | undefined {
    if (fields["app_id"] !== this.#appId) return "isv.invalid-app-id";
    const { timestamp = "", sign_type: type, charset } = fields;
    if (type !== "RSA2" || charset !== "utf-8") return "isv.invalid-signature-type";
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(timestamp)) return "isv.invalid-timestamp";
    if (Math.abs(fromBeijing(timestamp) - this.#parts.clock.now()) > STALE_MS) return "isv.invalid-timestamp";
    const isSigned = isRequestSigned(fields, this.#keys.merchant.publicKey);
    return isSigned && fields["version"] === "1.0" ? undefined : "isv.invalid-signature";
  }

  #do(method: string, content: Content): Reply {
    const said = methods[method]?.(this.#books, content, {
      paid: (trade) => this.#tellTrade(trade),
      refunded: (trade) => this.#tellTrade(trade),
      ended: (agreement) => this.#tellAgreement(agreement, "dut_user_unsign"),
    });
    const value =
      said === undefined
        ? { code: "40001", msg: "Missing Method", sub_code: "isv.missing-method" }
        : typeof said === "string"
          ? { code: "40004", msg: "Business Failed", sub_code: said }
          : { code: "10000", msg: "Success", ...said };
    const part = JSON.stringify(value);
    const signature = sign("sha256", Buffer.from(part), this.#keys.own.privateKey).toString("base64");
    const body = `{"${method.replaceAll(".", "_")}_response":${part},"sign":"${signature}"}`;
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }

  #page({ method, path }: Asked): Reply | undefined {
    const [, , , id = "", deed] = path.split("/");
    const open = this.#pages.get(id);
    if (open === undefined) return undefined;
    const { what, returnUrl } = open;
    const back = { returnUrl, language: "zh" } as const;
    const isTrade = "trade" in what;
    if (method === "GET")
      return payPage({
        provider: "支付宝 Alipay",
        title: isTrade ? what.title : "自动续费 renewal",
        amount: `¥${decimal(isTrade ? what.amount : what.most)}`,
        at: `/test/page/${id}`,
        language: "zh",
        ...(isTrade
          ? {}
          : {
              terms: [
                "签约后按期扣款，每次不超过此金额。",
                "You agree to charges up to this, each.",
              ] as const,
            }),
      });
    const isOpen = isTrade ? what.paidMs === 0 : what.status === "TEMP";
    if (deed !== "pay" || !isOpen) return donePage(false, back);
    this.#agree(what);
    return donePage(true, back);
  }

  #agree(what: SimTrade | SimAgreement): void {
    if ("trade" in what) {
      this.#books.pay(what);
      this.#tellTrade(what);
      return;
    }
    what.status = "NORMAL";
    this.#tellAgreement(what, "dut_user_sign");
  }

  #tellTrade(trade: SimTrade): void {
    this.#tell({ notify_type: "trade_status_sync", seller_id: this.#sellerId, ...tradeJson(trade) });
  }

  #tellAgreement(agreement: SimAgreement, type: "dut_user_sign" | "dut_user_unsign"): void {
    this.#tell({ notify_type: type, ...agreementJson(agreement) });
  }

  #tell(own: Readonly<Record<string, string>>): void {
    const id = randomLetters(34);
    const make = () => {
      const fields = {
        notify_id: id,
        notify_time: beijingTime(this.#parts.clock.now()),
        app_id: this.#appId,
        charset: "utf-8",
        version: "1.0",
        ...own,
      };
      const signed = { ...fields, sign: signFields(fields, this.#keys.own.privateKey), sign_type: "RSA2" };
      return {
        url: `${this.#parts.hears}/alipay`,
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: new URLSearchParams(signed).toString(),
      };
    };
    this.post.tell(make, ({ status, body }) => status === 200 && body === "success");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ground[Symbol.asyncDispose]();
  }
}
