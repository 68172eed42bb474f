import type { Paid, Refunded, Standing, Statement, Term } from "../../dealing/statements.ts";
import { whole } from "../amounts.ts";
import { standing } from "../parts.ts";
import { refused } from "../problems.ts";
import type { Known } from "../provider.ts";
import type { StripeApi } from "./api.ts";
import type {
  Dispute,
  Invoice,
  PaymentIntent,
  Session,
  StripeCharge,
  StripeRefund,
  StripeSubscription,
} from "./shapes.ts";

/** All that Stripe says of one subscription, or of one payment where nothing renews. */
export async function lookAtStripe(
  api: StripeApi,
  known: Known,
  nowMs: number,
): Promise<readonly Statement[]> {
  const session = isSession(known.reference) ? await sessionOf(api, known) : undefined;
  if (session?.status === "expired") return [standing(known, nowMs, { endedMs: nowMs })];
  if (session?.mode === "payment") return payment(api, { known, session, nowMs });
  const id = session === undefined ? known.reference : session.subscription;
  if (id === null) return [standing(known, nowMs, { isPending: true })];
  return subscribed(api, { known, id, nowMs });
}

export function isSession(reference: string): boolean {
  return reference.startsWith("cs_");
}

/** The session in which a subscription was bought. Throws `pay.refused` where it is of another one. */
export async function sessionOf(api: StripeApi, known: Known): Promise<Session> {
  const session = await api.get<Session>(`/v1/checkout/sessions/${encodeURIComponent(known.reference)}`);
  if (session.metadata.subscription !== known.subscription) throw refused("foreign");
  return session;
}

async function payment(
  api: StripeApi,
  { known, session, nowMs }: { readonly known: Known; readonly session: Session; readonly nowMs: number },
): Promise<readonly Statement[]> {
  if (session.payment_intent === null) return [standing(known, nowMs, { isPending: true })];
  const intent = await api.get<PaymentIntent>(`/v1/payment_intents/${session.payment_intent}`);
  if (intent.status !== "succeeded" || intent.latest_charge === null)
    return [standing(known, nowMs, { isPending: true })];
  const charge = intent.metadata.charge ?? "";
  const taken = await api.get<StripeCharge>(`/v1/charges/${intent.latest_charge}`);
  const paid: Paid = {
    kind: "paid",
    id: `paid:${taken.id}`,
    atMs: whole(taken.created) * 1000,
    charge,
    amountMinor: whole(intent.amount_received),
    currency: intent.currency.toUpperCase(),
  };
  return [paid, ...(await wentBack(api, taken.id, charge)), standing(known, nowMs, {})];
}

async function subscribed(
  api: StripeApi,
  { known, id, nowMs }: { readonly known: Known; readonly id: string; readonly nowMs: number },
): Promise<readonly Statement[]> {
  const subscription = await api.get<StripeSubscription>(`/v1/subscriptions/${encodeURIComponent(id)}`);
  if (subscription.metadata.subscription !== known.subscription) throw refused("foreign");
  const invoices = await api.all<Invoice>("/v1/invoices", { subscription: id });
  const back: Refunded[] = [];
  for (const { id: charge, charge: taken } of invoices)
    if (taken !== null) back.push(...(await wentBack(api, taken, charge)));
  const paid = invoices.filter(({ status }) => status === "paid").map(paidOf);
  return [...paid, ...back, stateOf({ known, subscription, invoices, nowMs })];
}

function paidOf(invoice: Invoice): Paid {
  const period = invoice.lines.data[0]?.period;
  const term: Term | undefined = period && {
    fromMs: whole(period.start) * 1000,
    untilMs: whole(period.end) * 1000,
  };
  return {
    kind: "paid",
    id: `paid:${invoice.id}`,
    atMs: whole(invoice.status_transitions.paid_at) * 1000,
    charge: invoice.id,
    amountMinor: whole(invoice.amount_paid),
    currency: invoice.currency.toUpperCase(),
    ...(term === undefined ? {} : { term }),
  };
}

/** Refunds, and what a bank took back: what was bought ends with the latter. */
async function wentBack(api: StripeApi, taken: string, charge: string): Promise<readonly Refunded[]> {
  const refunds = await api.all<StripeRefund>("/v1/refunds", { charge: taken });
  const disputes = await api.all<Dispute>("/v1/disputes", { charge: taken });
  const refunded = (each: StripeRefund | Dispute, isRevoked: boolean): Refunded => ({
    kind: "refunded",
    id: `refunded:${each.id}`,
    atMs: whole(each.created) * 1000,
    charge,
    amountMinor: whole(each.amount),
    isRevoked,
  });
  return [
    ...refunds.filter(({ status }) => status === "succeeded").map((each) => refunded(each, false)),
    ...disputes.filter(({ status }) => status === "lost").map((each) => refunded(each, true)),
  ];
}

function stateOf({
  known,
  subscription,
  invoices,
  nowMs,
}: {
  readonly known: Known;
  readonly subscription: StripeSubscription;
  readonly invoices: readonly Invoice[];
  readonly nowMs: number;
}): Standing {
  const { status, cancel_at_period_end: stops, ended_at: ended, pause_collection: paused } = subscription;
  const isOver = status === "canceled" || status === "incomplete_expired";
  const attempt = invoices.find((each) => each.status === "open")?.next_payment_attempt ?? undefined;
  return standing(known, nowMs, {
    isPending: status === "incomplete",
    renews: ["active", "trialing", "past_due"].includes(status) && !stops,
    ...(isOver ? { endedMs: ended === null ? nowMs : ended * 1000 } : {}),
    ...(status === "past_due" && attempt !== undefined ? { retriesUntilMs: attempt * 1000 } : {}),
    ...(paused === null || isOver
      ? {}
      : {
          paused: {
            fromMs: subscription.current_period_start * 1000,
            ...(paused.resumes_at === null ? {} : { untilMs: paused.resumes_at * 1000 }),
          },
        }),
  });
}
