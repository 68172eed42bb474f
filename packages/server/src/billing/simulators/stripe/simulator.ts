import { createHmac, timingSafeEqual } from "node:crypto";
import { randomLetters } from "../../../keys/ids.ts";
import { decimal } from "../../providers/amounts.ts";
import { Ground, jsonReply, type Asked, type Reply } from "../ground.ts";
import { donePage, payPage } from "../page.ts";
import { Post } from "../post.ts";
import type { Simulator, SimulatorParts } from "../simulator.ts";
import { metadataOf, StripeBooks } from "./books.ts";
import {
  chargeJson,
  intentJson,
  invoiceJson,
  refundJson,
  sessionJson,
  subscriptionJson,
  type SimInvoice,
  type SimSubscription,
} from "./state.ts";

/*
 * Stripe as its documentation describes it: forms in, JSON out, a secret key, idempotency keys whose parameters may not
 * change, signed events.
 */

const fail = (status: number, code: string): Reply =>
  jsonReply({ error: { type: "invalid_request_error", code, message: code } }, status);

export interface StripeSimulator extends Simulator {
  /** Whether cards are declined from now on. */
  declines: boolean;
}

export async function startStripe(parts: SimulatorParts): Promise<StripeSimulator> {
  const simulator = new StripeLike(parts);
  simulator.ground = await Ground.start((asked) => simulator.answer(asked));
  return simulator;
}

class StripeLike implements StripeSimulator {
  readonly name = "stripe";
  readonly post: Post;
  readonly #secretKey = `sk_test_${randomLetters(32)}`;
  readonly #webhookSecret = `whsec_${randomLetters(32)}`;
  readonly #parts: SimulatorParts;
  readonly #books: StripeBooks;
  /** Answers that were given under a key, with what had been asked. */
  readonly #kept = new Map<string, { readonly asked: string; readonly reply: Reply }>();
  #ahead = 0;
  ground!: Ground;

  constructor(parts: SimulatorParts) {
    this.#parts = parts;
    this.post = new Post(() => this.now(), parts.againMs);
    this.#books = new StripeBooks(
      () => this.now(),
      (type, object) => this.#tell(type, object),
    );
  }

  get url(): string {
    return this.ground.url;
  }

  get settings() {
    return {
      stripe: { secretKey: this.#secretKey, webhookSecret: this.#webhookSecret, url: this.url },
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
    this.#books.turn();
    await this.post.turn();
  }

  answer(asked: Asked): Reply | undefined {
    this.#books.turn();
    if (asked.path.startsWith("/test/")) return this.#page(asked);
    if (!isSame(asked.headers["authorization"] ?? "", `Bearer ${this.#secretKey}`))
      return fail(401, "invalid_api_key");
    if (!/^\d{4}-\d\d-\d\d/.test(asked.headers["stripe-version"] ?? "")) return fail(400, "version");
    if (asked.method === "GET") return this.#get(asked);
    const key = asked.headers["idempotency-key"];
    const kept = key === undefined ? undefined : this.#kept.get(key);
    const what = `${asked.path} ${asked.body}`;
    if (kept !== undefined) return kept.asked === what ? kept.reply : fail(400, "idempotency_key_in_use");
    const reply = this.#do(asked, new URLSearchParams(asked.body));
    if (key !== undefined && reply !== undefined) this.#kept.set(key, { asked: what, reply });
    return reply;
  }

  #get({ path, query }: Asked): Reply | undefined {
    const [, what = "", id = "", more] =
      /^\/v1\/(checkout\/sessions|\w+)(?:\/(\w+))?(\/\w+)?$/.exec(path) ?? [];
    if (more !== undefined) return undefined;
    if (id === "") return this.#list(what, query);
    const books = this.#books;
    const found: Readonly<Record<string, () => object | undefined>> = {
      "checkout/sessions": () => mapped(books.sessions.get(id), (each) => sessionJson(each, this.url)),
      subscriptions: () => mapped(books.subscriptions.get(id), subscriptionJson),
      invoices: () =>
        mapped(
          books.invoices.find((each) => each.id === id),
          invoiceJson,
        ),
      payment_intents: () =>
        mapped(
          books.payments.find((each) => each.id === id),
          intentJson,
        ),
      charges: () =>
        mapped(
          books.payments.find((each) => each.charge === id),
          chargeJson,
        ),
    };
    const object = found[what]?.();
    return object === undefined ? fail(404, "resource_missing") : jsonReply(object);
  }

  #list(what: string, query: URLSearchParams): Reply | undefined {
    const books = this.#books;
    const of = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
    const withCharge = query.get("expand[0]") === "data.charge";
    const lists: Readonly<Record<string, () => readonly object[]>> = {
      invoices: () => books.invoices.filter((each) => of("subscription", each.subscription)).map(invoiceJson),
      charges: () => books.payments.filter(({ created }) => isWithin(query, created)).map(chargeJson),
      refunds: () =>
        books.refunds
          .filter(({ payment }) => of("charge", payment.charge) && of("payment_intent", payment.id))
          .filter(({ created }) => isWithin(query, created))
          .map((each) => refundJson(each, withCharge)),
      disputes: () => [],
    };
    const all = lists[what]?.().toReversed() as readonly { readonly id: string }[] | undefined;
    if (all === undefined) return undefined;
    const after = all.findIndex(({ id }) => id === query.get("starting_after"));
    const limit = Number(query.get("limit") ?? 10);
    const data = all.slice(after + 1, after + 1 + limit);
    return jsonReply({ object: "list", data, has_more: after + 1 + limit < all.length });
  }

  #do({ path }: Asked, form: URLSearchParams): Reply | undefined {
    const books = this.#books;
    if (path === "/v1/checkout/sessions") return jsonReply(sessionJson(books.open(form), this.url));
    if (path === "/v1/coupons") {
      books.coupons.set(form.get("id") ?? "", Number(form.get("amount_off")));
      return jsonReply({ id: form.get("id") });
    }
    if (path === "/v1/refunds") return this.#refund(form);
    const [, kind, id = ""] =
      /^\/v1\/(checkout\/sessions|subscriptions)\/(\w+)(?:\/expire)?$/.exec(path) ?? [];
    const session = kind === "checkout/sessions" ? books.sessions.get(id) : undefined;
    if (session !== undefined) {
      if (session.status === "open") session.status = "expired";
      return jsonReply(sessionJson(session, this.url));
    }
    const subscription = books.subscriptions.get(id);
    if (subscription === undefined) return fail(404, "resource_missing");
    subscription.cancel_at_period_end = form.get("cancel_at_period_end") === "true";
    this.#tell("customer.subscription.updated", subscription);
    return jsonReply(subscriptionJson(subscription));
  }

  #refund(form: URLSearchParams): Reply {
    const payment = this.#books.payments.find(({ id }) => id === form.get("payment_intent"));
    if (payment === undefined) return fail(404, "resource_missing");
    const amount = Number(form.get("amount"));
    const before = this.#books.refunds.filter((each) => each.payment === payment);
    const left = before.reduce((sum, each) => sum - each.amount, payment.amount);
    if (!Number.isSafeInteger(amount) || amount <= 0) return fail(400, "parameter_invalid_integer");
    if (amount > left) return fail(400, left === 0 ? "charge_already_refunded" : "amount_too_large");
    const refund = this.#books.refund(payment, amount, metadataOf(form, "metadata"));
    this.#send("charge.refunded", chargeJson(payment));
    return jsonReply(refundJson(refund, false));
  }

  #page({ method, path }: Asked): Reply | undefined {
    const [, , id = "", deed] = path.split("/");
    const session = this.#books.sessions.get(id);
    if (session === undefined) return undefined;
    const language = session.form.get("locale") === "zh" ? "zh" : "en";
    const returnUrl = session.form.get("success_url") ?? "";
    if (method === "GET" && deed === undefined)
      return payPage({
        provider: "Stripe",
        title: session.form.get("line_items[0][price_data][product_data][name]") ?? "",
        amount: `${decimal(this.#books.amountOf(session))} ${session.form.get("line_items[0][price_data][currency]")}`,
        at: `/test/${id}`,
        language,
      });
    if (method !== "POST") return undefined;
    if (deed !== "pay" || session.status !== "open") return donePage(false, { returnUrl, language });
    this.#books.complete(session);
    this.#send("checkout.session.completed", sessionJson(session, this.url));
    return donePage(true, { returnUrl, language });
  }

  #tell(type: string, object: SimInvoice | SimSubscription): void {
    this.#send(type, "paidAt" in object ? invoiceJson(object) : subscriptionJson(object));
  }

  #send(type: string, object: object): void {
    const body = JSON.stringify({
      id: `evt_${randomLetters(24)}`,
      object: "event",
      livemode: false,
      created: this.#books.nowS(),
      type,
      data: { object },
    });
    this.post.tell(() => {
      // Signed when it is sent, by the time of day.
      const seconds = Math.floor(this.#parts.clock.now() / 1000);
      const mac = createHmac("sha256", this.#webhookSecret).update(`${seconds}.${body}`).digest("hex");
      return {
        url: `${this.#parts.hears}/stripe`,
        headers: { "content-type": "application/json", "stripe-signature": `t=${seconds},v1=${mac}` },
        body,
      };
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ground[Symbol.asyncDispose]();
  }
}

function mapped<T>(value: T | undefined, map: (value: T) => object): object | undefined {
  return value === undefined ? undefined : map(value);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function isWithin(query: URLSearchParams, seconds: number): boolean {
  const from = Number(query.get("created[gte]") ?? 0);
  const until = Number(query.get("created[lt]") ?? Infinity);
  return seconds >= from && seconds < until;
}
