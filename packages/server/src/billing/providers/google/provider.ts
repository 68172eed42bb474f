import type { Statement } from "../../dealing/statements.ts";
import { DAY_MS, dayBegins } from "../days.ts";
import { productsOf, type ProviderParts } from "../parts.ts";
import { away, badSignature, refused } from "../problems.ts";
import type { About, Begun, Heard, Hint, Known, Movement, Provider, Purchase, Refund } from "../provider.ts";
import type { GoogleSettings } from "../schema.ts";
import { GoogleApi } from "./api.ts";
import { lookAtPlay, subscriptionBehind } from "./look.ts";
import { movementsIn } from "./report.ts";
import { minorOf, type PlayNotice, type PlayOrder, type PlaySubscription, type Push } from "./shapes.ts";

/** Google Play: bought on an Android phone, charged by Google; renewal is ended and money paid back by us as well. */
export class GoogleProvider implements Provider {
  readonly name = "google";
  readonly channels = ["android"] as const;
  readonly renewal = "theirs";
  readonly refunds = "whole";
  readonly isTest: boolean;
  readonly products: NonNullable<Provider["products"]>;
  readonly #settings: GoogleSettings;
  readonly #parts: ProviderParts;
  readonly #api: GoogleApi;

  constructor(settings: GoogleSettings, parts: ProviderParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.isTest = parts.isTest;
    this.products = productsOf(settings.products);
    this.#api = new GoogleApi(settings, parts.clock);
  }

  /** The app hands our name of the subscription on as the obfuscated account. */
  begin({ subscription, plan, period }: Purchase): Promise<Begun> {
    const found = [...this.products].find(([, each]) => each.plan === plan && each.period === period);
    if (found === undefined) return Promise.reject(refused("no-product"));
    return Promise.resolve({
      reference: subscription,
      next: { how: "store", product: found[0], token: subscription },
    });
  }

  /** Google signs who calls, and not what is said: what it says of is read again. */
  async hear({ headers, body }: Heard): Promise<Hint> {
    await this.#api.requirePush(headers["authorization"]);
    const { id, notice } = pushOf(body);
    if (notice.packageName !== this.#settings.packageName) throw badSignature("merchant");
    const token = (notice.subscriptionNotification ?? notice.voidedPurchaseNotification)?.purchaseToken;
    const about = token === undefined ? [] : [await this.#aboutOf(token)];
    return { id, about, answer: { status: 200, type: "text/plain", body: "" } };
  }

  async claim(receipt: string): Promise<About> {
    const about = await this.#aboutOf(receipt);
    if (about.subscription === undefined) throw badSignature("account");
    return about;
  }

  async #aboutOf(reference: string): Promise<About> {
    const path = `/purchases/subscriptionsv2/tokens/${encodeURIComponent(reference)}`;
    const found = await this.#api.ask<PlaySubscription>("GET", path);
    const subscription = found?.externalAccountIdentifiers?.obfuscatedExternalAccountId;
    return subscription === undefined ? { reference } : { subscription, reference };
  }

  look(known: Known): Promise<readonly Statement[]> {
    return lookAtPlay(this.#api, known, { isTest: this.isTest, nowMs: this.#parts.clock.now() });
  }

  /** Google Play pays back a charge, never a part of one that we would say. */
  async refund({ charge, chargeMinor, amountMinor, currency, reference }: Refund): Promise<void> {
    if (amountMinor !== chargeMinor) throw refused("whole-only");
    const path = `/orders/${encodeURIComponent(charge)}`;
    const order = await this.#api.ask<PlayOrder>("GET", path);
    if (order === undefined || order.purchaseToken !== reference) throw refused("foreign");
    if (minorOf(order.total) !== chargeMinor || order.total.currencyCode !== currency)
      throw refused("other-amount");
    if (/REFUND/.test(order.state)) return;
    await this.#api.ask("POST", `${path}:refund`);
  }

  async stop(known: Known): Promise<void> {
    if (known.reference === known.subscription) return;
    const found = await subscriptionBehind(this.#api, known, this.isTest);
    if (found?.lineItems[0]?.autoRenewingPlan?.autoRenewEnabled !== true) return;
    const cancellationContext = { cancellationType: "USER_REQUESTED_STOP_RENEWALS" };
    const path = `/purchases/subscriptionsv2/tokens/${encodeURIComponent(known.reference)}:cancel`;
    await this.#api.ask("POST", path, { cancellationContext });
  }

  /** Out of the month's sales report, which grows by a day each day. */
  async movements(day: string): Promise<readonly Movement[]> {
    const { reportsBucket: bucket } = this.#settings;
    if (bucket === undefined) throw refused("no-reports");
    const fromMs = dayBegins(day);
    const name = `sales/salesreport_${day.slice(0, 7).replace("-", "")}.zip`;
    const report = await this.#api.file(bucket, name);
    if (report === undefined) throw away("not-yet");
    return movementsIn(report).filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + DAY_MS);
  }
}

function pushOf(body: Uint8Array): { readonly id: string; readonly notice: PlayNotice } {
  try {
    const { message } = JSON.parse(Buffer.from(body).toString("utf8")) as Push;
    const notice = JSON.parse(Buffer.from(message.data, "base64").toString("utf8")) as PlayNotice;
    if (typeof message.messageId === "string" && typeof notice.packageName === "string")
      return { id: message.messageId, notice };
  } catch {
    // The parser's message would show a piece of it.
  }
  throw badSignature("shape");
}
