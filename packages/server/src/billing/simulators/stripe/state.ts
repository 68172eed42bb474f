/* What Stripe keeps, as far as it is simulated: a session, a subscription, its invoices, payments, refunds. */

export interface SimSession {
  readonly id: string;
  readonly form: URLSearchParams;
  status: "open" | "complete" | "expired";
  subscription: string | null;
  payment_intent: string | null;
}

export interface SimSubscription {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly interval: "month" | "year";
  readonly unitAmount: number;
  readonly currency: string;
  readonly anchorMs: number;
  terms: number;
  status: "active" | "past_due" | "canceled";
  cancel_at_period_end: boolean;
  current_period_start: number;
  current_period_end: number;
  ended_at: number | null;
}

export interface SimPayment {
  readonly id: string;
  readonly charge: string;
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly invoice: string | null;
}

export interface SimInvoice {
  readonly id: string;
  readonly subscription: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: "open" | "paid";
  readonly amount: number;
  readonly currency: string;
  payment: SimPayment | undefined;
  paidAt: number | null;
  next_payment_attempt: number | null;
  readonly start: number;
  readonly end: number;
}

export interface SimRefund {
  readonly id: string;
  readonly payment: SimPayment;
  readonly amount: number;
  readonly created: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export function invoiceJson(invoice: SimInvoice): object {
  return {
    id: invoice.id,
    object: "invoice",
    subscription: invoice.subscription,
    status: invoice.status,
    amount_paid: invoice.status === "paid" ? invoice.amount : 0,
    currency: invoice.currency,
    charge: invoice.payment?.charge ?? null,
    payment_intent: invoice.payment?.id ?? null,
    next_payment_attempt: invoice.next_payment_attempt,
    status_transitions: { paid_at: invoice.paidAt },
    subscription_details: { metadata: invoice.metadata },
    lines: { data: [{ period: { start: invoice.start, end: invoice.end } }] },
  };
}

export function chargeJson(payment: SimPayment): object {
  return {
    id: payment.charge,
    object: "charge",
    status: "succeeded",
    amount: payment.amount,
    currency: payment.currency,
    created: payment.created,
    metadata: payment.metadata,
    invoice: payment.invoice,
    payment_intent: payment.id,
  };
}

export function intentJson(payment: SimPayment): object {
  return {
    id: payment.id,
    object: "payment_intent",
    status: "succeeded",
    amount_received: payment.amount,
    currency: payment.currency,
    metadata: payment.metadata,
    latest_charge: payment.charge,
  };
}

export function refundJson(refund: SimRefund, withCharge: boolean): object {
  return {
    id: refund.id,
    object: "refund",
    status: "succeeded",
    amount: refund.amount,
    currency: refund.payment.currency,
    created: refund.created,
    metadata: refund.metadata,
    charge: withCharge ? chargeJson(refund.payment) : refund.payment.charge,
    payment_intent: refund.payment.id,
  };
}

export function subscriptionJson(subscription: SimSubscription): object {
  const { anchorMs: _, terms: __, interval: ___, unitAmount: ____, ...shown } = subscription;
  return { object: "subscription", ...shown, pause_collection: null };
}

export function sessionJson(session: SimSession, url: string): object {
  const metadata = { subscription: session.form.get("metadata[subscription]") ?? undefined };
  return {
    id: session.id,
    object: "checkout.session",
    url: session.status === "open" ? `${url}/test/${session.id}` : null,
    mode: session.form.get("mode"),
    status: session.status,
    metadata,
    subscription: session.subscription,
    payment_intent: session.payment_intent,
  };
}
