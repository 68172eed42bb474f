import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import type { Clock } from "@keepsake/core/base";
import { ask, jsonOf } from "../wire/ask.ts";
import { signJwt } from "../wire/jwt.ts";
import { badSignature, refused } from "../problems.ts";
import type { AppleSettings } from "../schema.ts";
import { openJws } from "./jws.ts";
import type { Notification, Renewal, Status, Transaction } from "./shapes.ts";

const addresses = {
  Production: "https://api.storekit.itunes.apple.com",
  Sandbox: "https://api.storekit-sandbox.itunes.apple.com",
};
const TOKEN_S = 5 * 60;
/** Apple tells again for three days, and each time as it was first signed. */
const STALE_MS = 8 * 24 * 60 * 60_000;

/** The App Store's server API, and what it signs, checked. */
export class AppleApi {
  readonly #settings: AppleSettings;
  readonly #clock: Clock;
  readonly #key: KeyObject;
  readonly #roots: readonly X509Certificate[];

  constructor(settings: AppleSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#key = createPrivateKey(settings.privateKey);
    this.#roots = settings.roots.map((root) => new X509Certificate(root));
  }

  /** Every transaction of the person who made this one, oldest first. */
  async history(transaction: string): Promise<readonly Transaction[]> {
    const found: Transaction[] = [];
    let revision: string | undefined;
    for (;;) {
      const query = new URLSearchParams({
        sort: "ASCENDING",
        productType: "AUTO_RENEWABLE",
        ...(revision === undefined ? {} : { revision }),
      });
      const page = await this.#ask<{ signedTransactions: string[]; hasMore: boolean; revision: string }>(
        "GET",
        `/inApps/v2/history/${encodeURIComponent(transaction)}?${query.toString()}`,
      );
      found.push(...(page?.signedTransactions ?? []).map((each) => this.transaction(each)));
      if (page?.hasMore !== true || page.revision === revision) return found;
      revision = page.revision;
    }
  }

  /** How the subscription of a transaction stands; undefined where there is none. */
  async status(
    transaction: string,
  ): Promise<
    { readonly status: Status["status"]; readonly last: Transaction; readonly renewal: Renewal } | undefined
  > {
    const said = await this.#ask<{ data: { lastTransactions: Status[] }[] }>(
      "GET",
      `/inApps/v1/subscriptions/${encodeURIComponent(transaction)}`,
    );
    const found = said?.data
      .flatMap(({ lastTransactions }) => lastTransactions)
      .find(({ originalTransactionId }) => originalTransactionId === transaction);
    if (found === undefined) return undefined;
    const renewal = this.#open(found.signedRenewalInfo) as unknown as Renewal;
    this.#requireOwn({ ...renewal, bundleId: this.#settings.bundleId });
    return { status: found.status, last: this.transaction(found.signedTransactionInfo), renewal };
  }

  /** All that Apple told, or meant to tell, between two times. */
  async told(fromMs: number, untilMs: number): Promise<readonly Notification[]> {
    const found: Notification[] = [];
    let token: string | undefined;
    do {
      const query =
        token === undefined ? "" : `?${new URLSearchParams({ paginationToken: token }).toString()}`;
      const page = await this.#ask<{
        notificationHistory: { signedPayload: string }[];
        hasMore: boolean;
        paginationToken?: string;
      }>("POST", `/inApps/v1/notifications/history${query}`, { startDate: fromMs, endDate: untilMs });
      found.push(
        ...(page?.notificationHistory ?? []).map(
          ({ signedPayload }) => this.#open(signedPayload) as unknown as Notification,
        ),
      );
      token = page?.hasMore === true ? page.paginationToken : undefined;
    } while (token !== undefined);
    return found;
  }

  /** A call of Apple's, as it came. Throws `pay.bad-signature`. */
  notification(body: Uint8Array): Notification {
    const call = this.#open(payloadOf(body)) as unknown as Notification;
    const { appAppleId, environment } = this.#settings;
    if (typeof call.notificationUUID !== "string") throw badSignature("shape");
    if (Math.abs(this.#clock.now() - call.signedDate) > STALE_MS) throw badSignature("stale");
    if (call.data !== undefined) this.#requireOwn(call.data);
    if (environment === "Production" && call.data?.appAppleId !== appAppleId) throw badSignature("merchant");
    return call;
  }

  /** A signed transaction, of now unless the app had it for a while. Throws `pay.bad-signature`. */
  transaction(signed: unknown, { isOld = false }: { readonly isOld?: boolean } = {}): Transaction {
    const transaction = this.#open(signed, isOld) as unknown as Transaction;
    this.#requireOwn(transaction);
    return transaction;
  }

  /** Xcode and local testing sign with roots of their own, and are of no environment that settings can name. */
  #requireOwn({ bundleId, environment }: Pick<Transaction, "bundleId" | "environment">): void {
    if (bundleId !== this.#settings.bundleId) throw badSignature("merchant");
    if (environment !== this.#settings.environment) throw badSignature("mode");
  }

  #open(signed: unknown, isOld = false): Readonly<Record<string, unknown>> {
    const atMs = (payload: object): number => {
      const { signedDate } = payload as { readonly signedDate?: unknown };
      return isOld && typeof signedDate === "number" ? signedDate : this.#clock.now();
    };
    return openJws(signed, { roots: this.#roots, atMs });
  }

  async #ask<T>(method: "GET" | "POST", path: string, value?: object): Promise<T | undefined> {
    const { url, environment } = this.#settings;
    const answer = await ask({
      method,
      url: `${url ?? addresses[environment]}${path}`,
      mayRepeat: true,
      headers: {
        authorization: `Bearer ${this.#token()}`,
        ...(value === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    });
    if (answer.status === 200) return jsonOf(answer.bytes) as T;
    if (answer.status === 404) return undefined;
    if (answer.status === 401) throw refused("unauthenticated");
    throw refused(String((jsonOf(answer.bytes) as { readonly errorCode?: number }).errorCode));
  }

  #token(): string {
    const { keyId: kid, issuerId: iss, bundleId: bid } = this.#settings;
    const iat = Math.floor(this.#clock.now() / 1000);
    const payload = { iss, iat, exp: iat + TOKEN_S, aud: "appstoreconnect-v1", bid };
    return signJwt("ES256", { header: { kid, typ: "JWT" }, payload }, this.#key);
  }
}

function payloadOf(body: Uint8Array): unknown {
  try {
    return (Object(JSON.parse(Buffer.from(body).toString("utf8"))) as { readonly signedPayload?: unknown })
      .signedPayload;
  } catch {
    throw badSignature("shape");
  }
}
