import { channels } from "@keepsake/core/plans";
import type { Statement } from "../../dealing/statements.ts";
import { whole } from "../amounts.ts";
import { DAY_MS, dayBegins } from "../days.ts";
import type { ProviderParts } from "../parts.ts";
import { badSignature, refused } from "../problems.ts";
import type { About, Begun, Heard, Hint, Known, Movement, Provider, Purchase, Refund } from "../provider.ts";
import type { StripeSettings } from "../schema.ts";
import { checkStripeSignature, StripeApi, type Form } from "./api.ts";
import { isSession, lookAtStripe, sessionOf } from "./look.ts";
import type { Invoice, PaymentIntent, Session, StripeCharge, StripeEvent, StripeRefund } from "./shapes.ts";

/** Cards and more through Stripe: Checkout for buying, Billing for further terms, which Stripe charges by itself. */
export class StripeProvider implements Provider {
  readonly name = "stripe";
  readonly channels = channels.filter((channel) => channel === "web" || channel === "other");
  readonly renewal = "theirs";
  readonly refunds = "parts";
  readonly isTest: boolean;
  readonly #api: StripeApi;
  readonly #secret: string;
  readonly #parts: ProviderParts;

  constructor(settings: StripeSettings, parts: ProviderParts) {
    this.#api = new StripeApi(settings);
    this.#secret = settings.webhookSecret;
    this.#parts = parts;
    this.isTest = parts.isTest;
  }

  async begin(purchase: Purchase): Promise<Begun> {
    const discount = purchase.renews ? await this.#lessAtFirst(purchase) : {};
    const form = { ...sessionForm(purchase), ...discount };
    const session = await this.#api.post<Session>("/v1/checkout/sessions", form, `begin-${purchase.charge}`);
    if (session.url === null) throw refused("no-page");
    return { reference: session.id, next: { how: "redirect", url: session.url } };
  }

  /** A first payment that is lower than the others is one with a coupon for once. */
  async #lessAtFirst({ charge, amountMinor, renewalMinor, currency }: Purchase): Promise<Form> {
    if (amountMinor >= renewalMinor) return {};
    const form = {
      id: `first-${charge}`,
      amount_off: renewalMinor - amountMinor,
      currency: currency.toLowerCase(),
      duration: "once",
      max_redemptions: 1,
    };
    const { id } = await this.#api.post<{ readonly id: string }>("/v1/coupons", form, form.id);
    return { "discounts[0][coupon]": id };
  }

  async hear({ headers, body }: Heard): Promise<Hint> {
    const nowMs = this.#parts.clock.now();
    checkStripeSignature(headers["stripe-signature"], body, { secret: this.#secret, nowMs });
    const event = eventOf(body);
    if (event.livemode === this.isTest) throw badSignature("mode");
    return {
      id: event.id,
      about: await this.#about(event),
      answer: { status: 200, type: "application/json", body: '{"received":true}' },
    };
  }

  async #about({ data: { object } }: StripeEvent): Promise<readonly About[]> {
    const subscription = nameOf(object);
    const reference = object.object === "subscription" ? object.id : (object.subscription ?? undefined);
    if (subscription !== undefined)
      return [{ subscription, ...(reference === undefined ? {} : { reference }) }];
    if (reference !== undefined) return [{ reference }];
    const ours = await this.#nameByCharge((object.object === "charge" ? object.id : object.charge) ?? "");
    return ours === undefined ? [] : [{ subscription: ours }];
  }

  /** Payments of a subscription do not say whose they are; their invoices do. */
  async #nameByCharge(id: string): Promise<string | undefined> {
    if (id === "") return undefined;
    const { invoice } = await this.#api.get<StripeCharge>(`/v1/charges/${encodeURIComponent(id)}`);
    return invoice === null ? undefined : nameOf(await this.#api.get<Invoice>(`/v1/invoices/${invoice}`));
  }

  look(known: Known): Promise<readonly Statement[]> {
    return lookAtStripe(this.#api, known, this.#parts.clock.now());
  }

  async refund(refund: Refund): Promise<void> {
    const { id, amount, currency } = await this.#intentOf(refund);
    if (amount !== refund.chargeMinor || currency !== refund.currency) throw refused("other-amount");
    const made = await this.#api.all<StripeRefund>("/v1/refunds", { payment_intent: id });
    if (made.some(({ metadata }) => metadata.refund === refund.refund)) return;
    const form = {
      payment_intent: id,
      amount: refund.amountMinor,
      "metadata[refund]": refund.refund,
      "metadata[subscription]": refund.subscription,
    };
    await this.#api.post("/v1/refunds", form, `refund-${refund.refund}-${refund.amountMinor}`);
  }

  /** The payment behind a charge, with what was paid. */
  async #intentOf(
    refund: Refund,
  ): Promise<{ readonly id: string; readonly amount: number; readonly currency: string }> {
    const known = isSession(refund.reference) ? await sessionOf(this.#api, refund) : undefined;
    const id = refund.charge.startsWith("in_")
      ? (await this.#api.get<Invoice>(`/v1/invoices/${encodeURIComponent(refund.charge)}`)).payment_intent
      : (known?.payment_intent ?? null);
    if (id === null) throw refused("not-paid");
    const intent = await this.#api.get<PaymentIntent>(`/v1/payment_intents/${id}`);
    return { id, amount: whole(intent.amount_received), currency: intent.currency.toUpperCase() };
  }

  async stop(known: Known): Promise<void> {
    const session = isSession(known.reference) ? await sessionOf(this.#api, known) : undefined;
    if (session?.status === "open") {
      await this.#api.post(`/v1/checkout/sessions/${session.id}/expire`, {}, `expire-${session.id}`);
      return;
    }
    const id = session === undefined ? known.reference : session.subscription;
    if (id === null) return;
    // Stopped twice, with a change of mind between: the key may not be the same.
    const key = `stop-${id}-${this.#parts.clock.now()}`;
    await this.#api.post(
      `/v1/subscriptions/${encodeURIComponent(id)}`,
      { cancel_at_period_end: "true" },
      key,
    );
  }

  async movements(day: string): Promise<readonly Movement[]> {
    const from = dayBegins(day);
    const within = { "created[gte]": from / 1000, "created[lt]": (from + DAY_MS) / 1000 };
    const charges = await this.#api.all<StripeCharge>("/v1/charges", within);
    const refunds = await this.#api.all<StripeRefund>("/v1/refunds", {
      ...within,
      "expand[0]": "data.charge",
    });
    return [
      ...charges.filter(({ status }) => status === "succeeded").map((each) => movement(each, each, 1)),
      ...refunds
        .filter(({ status }) => status === "succeeded")
        .flatMap((each) => (typeof each.charge === "string" ? [] : [movement(each, each.charge, -1)])),
    ];
  }
}

function sessionForm(purchase: Purchase): Form {
  const { subscription, charge, renews, amountMinor, renewalMinor, returnUrl } = purchase;
  const price = (at: number, amount: number): Form => ({
    [`line_items[${at}][quantity]`]: 1,
    [`line_items[${at}][price_data][currency]`]: purchase.currency.toLowerCase(),
    [`line_items[${at}][price_data][unit_amount]`]: amount,
    [`line_items[${at}][price_data][product_data][name]`]: purchase.title,
  });
  const shared: Form = {
    success_url: returnUrl,
    cancel_url: returnUrl,
    locale: purchase.language,
    client_reference_id: subscription,
    "metadata[subscription]": subscription,
  };
  if (!renews)
    return {
      ...shared,
      ...price(0, amountMinor),
      mode: "payment",
      "payment_intent_data[metadata][subscription]": subscription,
      "payment_intent_data[metadata][charge]": charge,
    };
  return {
    ...shared,
    ...price(0, renewalMinor),
    ...(amountMinor > renewalMinor ? price(1, amountMinor - renewalMinor) : {}),
    mode: "subscription",
    "line_items[0][price_data][recurring][interval]": purchase.period,
    "subscription_data[metadata][subscription]": subscription,
  };
}

function movement(each: StripeCharge | StripeRefund, charge: StripeCharge, sign: 1 | -1): Movement {
  return {
    id: each.id,
    atMs: whole(each.created) * 1000,
    charge: charge.invoice ?? charge.metadata.charge ?? "",
    amountMinor: sign * whole(each.amount),
    currency: each.currency.toUpperCase(),
  };
}

/** Our name of the subscription, where an object of Stripe's has it. */
function nameOf(
  object: Pick<StripeEvent["data"]["object"], "metadata" | "parent" | "subscription_details">,
): string | undefined {
  const details = object.subscription_details ?? object.parent?.subscription_details;
  return object.metadata?.subscription ?? details?.metadata?.subscription;
}

function eventOf(body: Uint8Array): StripeEvent {
  try {
    const event = JSON.parse(Buffer.from(body).toString("utf8")) as StripeEvent;
    if (typeof event.id === "string" && typeof event.data.object === "object") return event;
  } catch {
    // The parser's message would show a piece of it.
  }
  throw badSignature("shape");
}
