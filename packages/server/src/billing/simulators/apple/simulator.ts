import { randomUUID } from "node:crypto";
import { randomLetters } from "../../../keys/ids.ts";
import { decimal } from "../../providers/amounts.ts";
import { isJwtSigned, readJwt, signJwt } from "../../providers/wire/jwt.ts";
import { Ground, jsonReply, type Asked, type Reply } from "../ground.ts";
import { newEcKey, type SimKey } from "../keys.ts";
import { donePage, payPage } from "../page.ts";
import { Post } from "../post.ts";
import { productOf, soldByDefault, type Simulator, type SimulatorParts } from "../simulator.ts";
import { AppleBooks, isUuid, type SimSubscription, type SimTransaction } from "./books.ts";
import { newChain, type Chain } from "./certificates.ts";

/*
 * The App Store as Apple's documentation describes its server's API and its notifications, version 2: tokens of ES256 in,
 * signed texts with their chain out. What a phone's store does stands on a page.
 */

const PAGE = 20;
const environment = "Sandbox" as const;
const appAppleId = 1_234_567_890;

export interface AppleSimulator extends Simulator {
  /** Whether cards are declined from now on. */
  declines: boolean;
  /** What the person does in the settings of their phone. */
  endRenewal(transaction: string): void;
  /** What Apple does when it gives money back. */
  refund(transaction: string): void;
  /** A text signed as Apple signs. */
  signed(payload: object): string;
}

export async function startApple(parts: SimulatorParts): Promise<AppleSimulator> {
  const [chain, key] = await Promise.all([newChain(parts.clock.now()), newEcKey()]);
  const simulator = new AppleLike(parts, chain, key);
  simulator.ground = await Ground.start((asked) => simulator.answer(asked));
  return simulator;
}

class AppleLike implements AppleSimulator {
  readonly name = "apple";
  readonly post: Post;
  readonly #bundleId = `example.keepsake.${randomLetters(6)}`;
  readonly #issuerId = randomUUID();
  readonly #keyId = randomLetters(10).toUpperCase();
  readonly #parts: SimulatorParts;
  readonly #chain: Chain;
  readonly #key: SimKey;
  readonly #books: AppleBooks;
  readonly #told: { readonly atMs: number; readonly signedPayload: string }[] = [];
  #ahead = 0;
  ground!: Ground;

  constructor(parts: SimulatorParts, chain: Chain, key: SimKey) {
    this.#parts = parts;
    this.#chain = chain;
    this.#key = key;
    this.post = new Post(() => this.now(), parts.againMs);
    this.#books = new AppleBooks(
      parts.sold ?? soldByDefault,
      () => this.now(),
      (type, transaction, subscription) => this.#tell(type, transaction, subscription),
    );
  }

  get url(): string {
    return this.ground.url;
  }

  get settings() {
    return {
      apple: {
        bundleId: this.#bundleId,
        appAppleId,
        issuerId: this.#issuerId,
        keyId: this.#keyId,
        privateKey: this.#key.privatePem,
        environment,
        roots: [this.#chain.rootPem],
        products: this.#books.sold.map(({ plan, period }) => ({
          product: productOf({ plan, period }),
          plan,
          period,
        })),
        url: this.url,
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

  endRenewal(transaction: string): void {
    this.#books.setRenewal(this.#books.find(transaction)!, 0);
  }

  refund(transaction: string): void {
    this.#books.refund(this.#books.find(transaction)!);
  }

  signed(payload: object): string {
    const { x5c, leaf } = this.#chain;
    return signJwt("ES256", { header: { x5c }, payload: { ...payload } }, leaf.privateKey);
  }

  answer(asked: Asked): Reply | undefined {
    this.#books.turn();
    if (asked.path.startsWith("/test/")) return this.#page(asked);
    if (!this.#isAllowed(asked.headers["authorization"] ?? ""))
      return { status: 401, body: "Unauthenticated\n" };
    const { method, path } = asked;
    if (method === "POST" && path === "/inApps/v1/notifications/history") return this.#history(asked);
    const [, kind, id = ""] =
      /^\/inApps\/(v2\/history|v1\/subscriptions)\/(\d+)$/.exec(method === "GET" ? path : "") ?? [];
    if (kind === undefined) return jsonReply({ errorCode: 4_000_000 }, 404);
    const subscription = this.#books.find(id);
    if (subscription === undefined) return jsonReply({ errorCode: 4_040_010 }, 404);
    return kind === "v2/history" ? this.#transactions(subscription, asked) : this.#status(subscription);
  }

  #isAllowed(authorization: string): boolean {
    const jwt = readJwt(authorization.replace(/^Bearer /, ""));
    if (jwt === undefined || !isJwtSigned(jwt, "ES256", this.#key.publicKey)) return false;
    const { iss, aud, bid, iat, exp } = jwt.payload;
    const seconds = this.#parts.clock.now() / 1000;
    const isOwn = iss === this.#issuerId && bid === this.#bundleId && jwt.header["kid"] === this.#keyId;
    const isNow = Number(iat) <= seconds + 60 && Number(exp) > seconds && Number(exp) - Number(iat) <= 3600;
    return isOwn && isNow && aud === "appstoreconnect-v1";
  }

  #transactions({ token, transactions }: SimSubscription, { query }: Asked): Reply {
    // A person's history is of all that they bought.
    const of = [...this.#books.subscriptions.values()].filter((each) => each.token === token);
    const all = of.length > 1 ? of.flatMap((each) => each.transactions) : transactions;
    const start = Number(query.get("revision") ?? 0);
    const page = all.slice(start, start + PAGE);
    return jsonReply({
      bundleId: this.#bundleId,
      environment,
      signedTransactions: page.map((each) => this.#signed(each)),
      hasMore: start + PAGE < all.length,
      revision: String(start + page.length),
    });
  }

  #status(subscription: SimSubscription): Reply {
    const { id, status, transactions } = subscription;
    const lastTransactions = [
      {
        originalTransactionId: id,
        status,
        signedTransactionInfo: this.#signed(transactions.at(-1)!),
        signedRenewalInfo: this.#renewal(subscription),
      },
    ];
    const data = [{ subscriptionGroupIdentifier: "1", lastTransactions }];
    return jsonReply({ bundleId: this.#bundleId, environment, data });
  }

  #history({ body, query }: Asked): Reply {
    const { startDate, endDate } = JSON.parse(body) as {
      readonly startDate: number;
      readonly endDate: number;
    };
    if (!(startDate <= endDate)) return jsonReply({ errorCode: 4_000_016 }, 400);
    const all = this.#told.filter(({ atMs }) => atMs >= startDate && atMs <= endDate);
    const start = Number(query.get("paginationToken") ?? 0);
    const notificationHistory = all
      .slice(start, start + PAGE)
      .map(({ signedPayload }) => ({ signedPayload }));
    const hasMore = start + PAGE < all.length;
    return jsonReply({
      notificationHistory,
      hasMore,
      ...(hasMore ? { paginationToken: String(start + PAGE) } : {}),
    });
  }

  #signed(transaction: SimTransaction): string {
    return this.signed({
      ...transaction,
      bundleId: this.#bundleId,
      environment,
      type: "Auto-Renewable Subscription",
      inAppOwnershipType: "PURCHASED",
      signedDate: this.#parts.clock.now(),
    });
  }

  #renewal({ id, autoRenewStatus }: SimSubscription): string {
    const signedDate = this.#parts.clock.now();
    return this.signed({ originalTransactionId: id, autoRenewStatus, environment, signedDate });
  }

  #page({ method, path, query }: Asked): Reply | undefined {
    const [, , product = "", token = "", deed] =
      path === "/test/store"
        ? ["", "", query.get("product") ?? "", query.get("token") ?? ""]
        : path.split("/");
    const sold = this.#books.sold.find((each) => productOf(each) === product);
    if (sold === undefined || !isUuid(token)) return undefined;
    if (method === "GET")
      return payPage({
        provider: "App Store",
        title: product,
        amount: `${decimal(sold.amountMinor)} ${sold.currency}`,
        terms: [
          "到期自动续订，可在手机设置中取消。",
          "Renews until you end it in the settings of your phone.",
        ],
        at: `/test/${product}/${token}`,
        language: "en",
      });
    const bought = deed === "pay" ? this.#books.buy(product, token) : undefined;
    const receipt = bought === undefined ? {} : { receipt: this.#signed(bought) };
    return donePage(bought !== undefined, { returnUrl: "", language: "en", ...receipt });
  }

  #tell(type: string, transaction: SimTransaction, subscription: SimSubscription): void {
    const signedPayload = this.signed({
      notificationType: type,
      notificationUUID: randomUUID(),
      version: "2.0",
      signedDate: this.#parts.clock.now(),
      data: {
        appAppleId,
        bundleId: this.#bundleId,
        environment,
        status: subscription.status,
        signedTransactionInfo: this.#signed(transaction),
        signedRenewalInfo: this.#renewal(subscription),
      },
    });
    this.#told.push({ atMs: this.now(), signedPayload });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ signedPayload });
    this.post.tell(() => ({ url: `${this.#parts.hears}/apple`, headers, body }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ground[Symbol.asyncDispose]();
  }
}
