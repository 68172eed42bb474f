import { randomLetters } from "../../../keys/ids.ts";
import { monthsLater } from "../months.ts";
import {
  type SimInvoice,
  type SimPayment,
  type SimRefund,
  type SimSession,
  type SimSubscription,
} from "./state.ts";

const RETRY_S = 3 * 24 * 60 * 60;

/** What Stripe does with money and time. */
export class StripeBooks {
  readonly sessions = new Map<string, SimSession>();
  readonly subscriptions = new Map<string, SimSubscription>();
  readonly invoices: SimInvoice[] = [];
  readonly payments: SimPayment[] = [];
  readonly refunds: SimRefund[] = [];
  readonly coupons = new Map<string, number>();
  /** Whether cards are declined. */
  declines = false;
  readonly #now: () => number;
  readonly #tell: (type: string, object: SimInvoice | SimSubscription) => void;

  constructor(now: () => number, tell: (type: string, object: SimInvoice | SimSubscription) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  nowS(): number {
    return Math.floor(this.#now() / 1000);
  }

  open(form: URLSearchParams): SimSession {
    const session: SimSession = {
      id: `cs_test_${randomLetters(24)}`,
      form,
      status: "open",
      subscription: null,
      payment_intent: null,
    };
    this.sessions.set(session.id, session);
    return session;
  }

  /** What is paid first: all lines, less the coupon. */
  amountOf({ form }: SimSession): number {
    const amounts = [0, 1].map((at) => Number(form.get(`line_items[${at}][price_data][unit_amount]`) ?? 0));
    const off = this.coupons.get(form.get("discounts[0][coupon]") ?? "") ?? 0;
    return amounts[0]! + amounts[1]! - off;
  }

  /** The person pays. */
  complete(session: SimSession): void {
    const { form } = session;
    session.status = "complete";
    const amount = this.amountOf(session);
    const currency = form.get("line_items[0][price_data][currency]") ?? "";
    if (form.get("mode") === "payment") {
      const metadata = metadataOf(form, "payment_intent_data[metadata]");
      session.payment_intent = this.#take({ amount, currency, metadata, invoice: null }).id;
      return;
    }
    const interval = form.get("line_items[0][price_data][recurring][interval]") === "year" ? "year" : "month";
    const subscription: SimSubscription = {
      id: `sub_${randomLetters(24)}`,
      metadata: metadataOf(form, "subscription_data[metadata]"),
      interval,
      unitAmount: Number(form.get("line_items[0][price_data][unit_amount]")),
      currency,
      anchorMs: this.nowS() * 1000,
      terms: 0,
      status: "active",
      cancel_at_period_end: false,
      current_period_start: this.nowS(),
      current_period_end: this.nowS(),
      ended_at: null,
    };
    this.subscriptions.set(subscription.id, subscription);
    session.subscription = subscription.id;
    this.#charge(subscription, amount);
  }

  refund(payment: SimPayment, amount: number, metadata: Readonly<Record<string, string>>): SimRefund {
    const refund = { id: `re_${randomLetters(24)}`, payment, amount, created: this.nowS(), metadata };
    this.refunds.push(refund);
    return refund;
  }

  /** Everything that falls due until now, in its order. */
  turn(): void {
    for (const subscription of this.subscriptions.values()) this.#step(subscription);
  }

  #step(subscription: SimSubscription): void {
    for (;;) {
      if (subscription.status === "canceled" || subscription.current_period_end > this.nowS()) return;
      if (subscription.status === "past_due" && !this.#retry(subscription)) return;
      if (subscription.current_period_end > this.nowS()) return;
      if (subscription.cancel_at_period_end) {
        subscription.status = "canceled";
        subscription.ended_at = subscription.current_period_end;
        this.#tell("customer.subscription.deleted", subscription);
        return;
      }
      this.#charge(subscription, subscription.unitAmount);
      if (subscription.status === "past_due") return;
    }
  }

  /** Whether an open invoice was paid now. */
  #retry(subscription: SimSubscription): boolean {
    const invoice = this.invoices.findLast((each) => each.subscription === subscription.id)!;
    if (this.declines || invoice.status === "paid") return invoice.status === "paid";
    this.#pay(invoice);
    this.#begin(subscription, invoice);
    this.#tell("invoice.paid", invoice);
    return true;
  }

  #charge(subscription: SimSubscription, amount: number): SimInvoice {
    const start = subscription.current_period_end;
    const months = subscription.interval === "year" ? 12 : 1;
    const end = monthsLater(subscription.anchorMs, months * (subscription.terms + 1)) / 1000;
    const invoice: SimInvoice = {
      id: `in_${randomLetters(24)}`,
      subscription: subscription.id,
      metadata: subscription.metadata,
      status: "open",
      amount,
      currency: subscription.currency,
      payment: undefined,
      paidAt: null,
      next_payment_attempt: this.nowS() + RETRY_S,
      start,
      end,
    };
    this.invoices.push(invoice);
    if (this.declines) {
      subscription.status = "past_due";
      this.#tell("invoice.payment_failed", invoice);
      return invoice;
    }
    this.#pay(invoice);
    this.#begin(subscription, invoice);
    this.#tell("invoice.paid", invoice);
    return invoice;
  }

  #begin(subscription: SimSubscription, invoice: SimInvoice): void {
    subscription.terms++;
    subscription.status = "active";
    subscription.current_period_start = invoice.start;
    subscription.current_period_end = invoice.end;
    this.#tell("customer.subscription.updated", subscription);
  }

  #pay(invoice: SimInvoice): void {
    const { amount, currency } = invoice;
    // What is charged late counts from when it was due, if all was up to date then.
    invoice.payment = this.#take({ amount, currency, metadata: {}, invoice: invoice.id });
    invoice.paidAt = this.nowS();
    invoice.status = "paid";
    invoice.next_payment_attempt = null;
  }

  #take(payment: Omit<SimPayment, "id" | "charge" | "created">): SimPayment {
    const made = {
      id: `pi_${randomLetters(24)}`,
      charge: `ch_${randomLetters(24)}`,
      created: this.nowS(),
      ...payment,
    };
    this.payments.push(made);
    return made;
  }
}

export function metadataOf(form: URLSearchParams, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...form]
      .filter(([key]) => key.startsWith(`${name}[`))
      .map(([key, value]) => [key.slice(name.length + 1, -1), value]),
  );
}
