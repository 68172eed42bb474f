import { randomLetters } from "../../../keys/ids.ts";
import { decimal } from "../../providers/amounts.ts";
import { isJwtSigned, readJwt, signJwt } from "../../providers/wire/jwt.ts";
import { Ground, jsonReply, type Asked, type Reply } from "../ground.ts";
import { newRsaKey, type SimKey } from "../keys.ts";
import { donePage, payPage } from "../page.ts";
import { Post } from "../post.ts";
import { productOf, soldByDefault, type Simulator, type SimulatorParts } from "../simulator.ts";
import { GoogleBooks, type SimOrder, type SimSubscription } from "./books.ts";
import { reportOf } from "./report.ts";

/*
 * Google Play as its documentation describes it: tokens for a service account, subscriptions and orders, sales reports in
 * a bucket, and pushes of Pub/Sub with a token of Google's. What a phone's store does stands on a page.
 */

const HOUR_S = 60 * 60;
const bucket = "pubsite_prod_simulated";

const fail = (status: number, reason: string): Reply =>
  jsonReply({ error: { code: status, status: reason } }, status);

export interface GoogleSimulator extends Simulator {
  /** Whether cards are declined from now on. */
  declines: boolean;
}

export async function startGoogle(parts: SimulatorParts): Promise<GoogleSimulator> {
  const [merchant, own] = await Promise.all([newRsaKey(), newRsaKey()]);
  const simulator = new GoogleLike(parts, { merchant, own });
  simulator.ground = await Ground.start((asked) => simulator.answer(asked));
  return simulator;
}

class GoogleLike implements GoogleSimulator {
  readonly name = "google";
  readonly post: Post;
  readonly #packageName = `example.keepsake.${randomLetters(6)}`;
  readonly #clientEmail = `keepsake@${randomLetters(10)}.example`;
  readonly #pushEmail = `push@${randomLetters(10)}.example`;
  readonly #kid = randomLetters(20);
  readonly #parts: SimulatorParts;
  readonly #keys: { readonly merchant: SimKey; readonly own: SimKey };
  readonly #books: GoogleBooks;
  readonly #tokens = new Map<string, number>();
  #ahead = 0;
  ground!: Ground;

  constructor(parts: SimulatorParts, keys: { readonly merchant: SimKey; readonly own: SimKey }) {
    this.#parts = parts;
    this.#keys = keys;
    this.post = new Post(() => this.now(), parts.againMs);
    this.#books = new GoogleBooks(
      parts.sold ?? soldByDefault,
      () => this.now(),
      (type, subscription) => this.#tell(type, subscription),
    );
  }

  get url(): string {
    return this.ground.url;
  }

  get settings() {
    return {
      google: {
        packageName: this.#packageName,
        clientEmail: this.#clientEmail,
        privateKey: this.#keys.merchant.privatePem,
        pushAudience: `${this.#parts.hears}/google`,
        pushEmail: this.#pushEmail,
        products: this.#books.sold.map(({ plan, period }) => ({
          product: productOf({ plan, period }),
          plan,
          period,
        })),
        reportsBucket: bucket,
        url: this.url,
        tokenUrl: `${this.url}/token`,
        keysUrl: `${this.url}/certs`,
        storageUrl: this.url,
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
    this.#books.turn();
    await this.post.turn();
  }

  answer(asked: Asked): Reply | undefined {
    this.#books.turn();
    const { path } = asked;
    if (path.startsWith("/test/")) return this.#page(asked);
    if (path === "/token") return this.#token(asked);
    if (path === "/certs")
      return jsonReply({ keys: [{ ...this.#keys.own.publicKey.export({ format: "jwk" }), kid: this.#kid }] });
    const until = this.#tokens.get((asked.headers["authorization"] ?? "").replace(/^Bearer /, ""));
    if (until === undefined || until < this.#parts.clock.now()) return fail(401, "UNAUTHENTICATED");
    const [, month] =
      /^\/storage\/v1\/b\/pubsite_prod_simulated\/o\/sales%2Fsalesreport_(\d{6})\.zip$/.exec(path) ?? [];
    if (month !== undefined) return { status: 200, body: reportOf(this.#books, month) };
    const base = `/androidpublisher/v3/applications/${this.#packageName}/`;
    return path.startsWith(base) ? this.#api(asked, path.slice(base.length)) : fail(403, "PERMISSION_DENIED");
  }

  #token({ body }: Asked): Reply {
    const form = new URLSearchParams(body);
    const jwt = readJwt(form.get("assertion") ?? "");
    const isGrant = form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer";
    if (!isGrant || jwt === undefined || !isJwtSigned(jwt, "RS256", this.#keys.merchant.publicKey))
      return jsonReply({ error: "invalid_grant" }, 400);
    const { iss, aud, iat, exp, scope } = jwt.payload;
    const seconds = this.#parts.clock.now() / 1000;
    const isNow = Math.abs(Number(iat) - seconds) < 300 && Number(exp) - Number(iat) <= HOUR_S;
    const isOwn = iss === this.#clientEmail && aud === `${this.url}/token`;
    if (!isNow || !isOwn || !String(scope).includes("androidpublisher"))
      return jsonReply({ error: "invalid_grant" }, 400);
    const token = `ya29.${randomLetters(60)}`;
    this.#tokens.set(token, this.#parts.clock.now() + HOUR_S * 1000);
    return jsonReply({ access_token: token, expires_in: HOUR_S, token_type: "Bearer" });
  }

  #api({ method, body }: Asked, path: string): Reply {
    const [, order, refund] = /^orders\/([^/:]+)(:refund)?$/.exec(path) ?? [];
    if (order !== undefined) return this.#order(decodeURIComponent(order), method, refund !== undefined);
    const [, token, deed] =
      /^purchases\/(?:subscriptionsv2|subscriptions\/[^/]+)\/tokens\/([^/:]+)(?::(\w+))?$/.exec(path) ?? [];
    const subscription = this.#books.subscriptions.get(decodeURIComponent(token ?? ""));
    if (subscription === undefined) return fail(404, "NOT_FOUND");
    if (method === "GET" && deed === undefined) return jsonReply(this.#subscriptionJson(subscription));
    if (deed === "cancel") return this.#cancel(subscription, body);
    if (deed !== "acknowledge") return fail(404, "NOT_FOUND");
    subscription.isAcknowledged = true;
    return { status: 200, body: "" };
  }

  #cancel(subscription: SimSubscription, body: string): Reply {
    const { cancellationContext: context } = JSON.parse(body) as {
      readonly cancellationContext?: { readonly cancellationType?: string };
    };
    if (context?.cancellationType !== "USER_REQUESTED_STOP_RENEWALS") return fail(400, "INVALID_ARGUMENT");
    if (!subscription.renews) return fail(400, "FAILED_PRECONDITION");
    this.#books.stop(subscription);
    return { status: 200, body: "" };
  }

  #order(id: string, method: string, isRefund: boolean): Reply {
    const order = this.#books.orders.get(id);
    if (order === undefined) return fail(404, "NOT_FOUND");
    if (!isRefund) return method === "GET" ? jsonReply(orderJson(order)) : fail(404, "NOT_FOUND");
    if (order.refundedMs !== undefined) return fail(400, "FAILED_PRECONDITION");
    this.#books.refund(order);
    return { status: 200, body: "" };
  }

  #subscriptionJson(subscription: SimSubscription): object {
    const { sold, expiryMs, renews, state, account, isAcknowledged, sinceMs } = subscription;
    return {
      kind: "androidpublisher#subscriptionPurchaseV2",
      startTime: new Date(sinceMs).toISOString(),
      subscriptionState: `SUBSCRIPTION_STATE_${state}`,
      latestOrderId: this.#books.latestOrder(subscription),
      acknowledgementState: `ACKNOWLEDGEMENT_STATE_${isAcknowledged ? "ACKNOWLEDGED" : "PENDING"}`,
      externalAccountIdentifiers: { obfuscatedExternalAccountId: account },
      testPurchase: {},
      lineItems: [
        {
          productId: productOf(sold),
          expiryTime: new Date(expiryMs).toISOString(),
          autoRenewingPlan: { autoRenewEnabled: renews },
        },
      ],
    };
  }

  #page({ method, path, query }: Asked): Reply | undefined {
    const [, , product = "", token = "", deed] =
      path === "/test/store"
        ? ["", "", query.get("product") ?? "", query.get("token") ?? ""]
        : path.split("/");
    const sold = this.#books.sold.find((each) => productOf(each) === product);
    if (sold === undefined || !/^[0-9a-z]{1,64}$/.test(token)) return undefined;
    if (method === "GET")
      return payPage({
        provider: "Google Play",
        title: product,
        amount: `${decimal(sold.amountMinor)} ${sold.currency}`,
        terms: ["到期自动续订，可随时取消。", "Renews until you end it."],
        at: `/test/${product}/${token}`,
        language: "en",
      });
    const bought = deed === "pay" ? this.#books.buy(product, token) : undefined;
    const receipt = bought === undefined ? {} : { receipt: bought.token };
    return donePage(bought !== undefined, { returnUrl: "", language: "en", ...receipt });
  }

  #tell(notificationType: number, { token, sold }: SimSubscription): void {
    const notice = {
      version: "1.0",
      packageName: this.#packageName,
      eventTimeMillis: String(this.now()),
      subscriptionNotification: {
        version: "1.0",
        notificationType,
        purchaseToken: token,
        subscriptionId: productOf(sold),
      },
    };
    const message = {
      data: Buffer.from(JSON.stringify(notice)).toString("base64"),
      messageId: String(Date.now()) + randomLetters(6).replace(/\D/g, "3"),
      publishTime: new Date(this.now()).toISOString(),
    };
    const body = JSON.stringify({ message, subscription: "projects/simulated/subscriptions/keepsake" });
    const url = `${this.#parts.hears}/google`;
    this.post.tell(() => ({
      url,
      headers: { "content-type": "application/json", authorization: `Bearer ${this.#pushToken(url)}` },
      body,
    }));
  }

  #pushToken(aud: string): string {
    const iat = Math.floor(this.#parts.clock.now() / 1000);
    const payload = {
      iss: "https://accounts.google.com",
      aud,
      email: this.#pushEmail,
      email_verified: true,
      iat,
      exp: iat + HOUR_S,
    };
    return signJwt("RS256", { header: { kid: this.#kid, typ: "JWT" }, payload }, this.#keys.own.privateKey);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ground[Symbol.asyncDispose]();
  }
}

function orderJson(order: SimOrder): object {
  const total = {
    currencyCode: order.currency,
    units: String(Math.floor(order.amount / 100)),
    nanos: (order.amount % 100) * 10_000_000,
  };
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    orderId: order.id,
    purchaseToken: order.token,
    state: order.refundedMs === undefined ? "PROCESSED" : "REFUNDED",
    createTime: iso(order.atMs),
    total,
    orderHistory: {
      processedEvent: { eventTime: iso(order.atMs) },
      ...(order.refundedMs === undefined
        ? {}
        : {
            refundEvent: {
              eventTime: iso(order.refundedMs),
              refundReason: "OTHER",
              refundDetails: { total },
            },
          }),
    },
    lineItems: [
      {
        productId: order.product,
        subscriptionDetails: {
          offerPhase: "BASE",
          servicePeriodStartTime: iso(order.fromMs),
          servicePeriodEndTime: iso(order.untilMs),
        },
      },
    ],
  };
}
