/* What is read of Stripe's objects, in the version that is spoken. */

export interface Session {
  readonly id: string;
  readonly url: string | null;
  readonly mode: "payment" | "subscription";
  readonly status: "open" | "complete" | "expired";
  readonly metadata: Metadata;
  readonly subscription: string | null;
  readonly payment_intent: string | null;
}

interface Metadata {
  readonly subscription?: string;
  readonly charge?: string;
  readonly refund?: string;
}

export interface StripeSubscription {
  readonly id: string;
  readonly status:
    | "incomplete"
    | "incomplete_expired"
    | "trialing"
    | "active"
    | "past_due"
    | "unpaid"
    | "paused"
    | "canceled";
  readonly metadata: Metadata;
  readonly cancel_at_period_end: boolean;
  readonly ended_at: number | null;
  readonly current_period_start: number;
  readonly pause_collection: { readonly resumes_at: number | null } | null;
}

export interface Invoice {
  readonly id: string;
  readonly status: "draft" | "open" | "paid" | "uncollectible" | "void";
  readonly amount_paid: number;
  readonly currency: string;
  readonly charge: string | null;
  readonly payment_intent: string | null;
  readonly next_payment_attempt: number | null;
  readonly status_transitions: { readonly paid_at: number | null };
  readonly lines: {
    readonly data: readonly { readonly period: { readonly start: number; readonly end: number } }[];
  };
  readonly subscription_details?: { readonly metadata?: Metadata | null } | null;
  readonly parent?: { readonly subscription_details?: { readonly metadata?: Metadata } | null } | null;
}

export interface PaymentIntent {
  readonly id: string;
  readonly status: string;
  readonly amount_received: number;
  readonly currency: string;
  readonly metadata: Metadata;
  readonly latest_charge: string | null;
}

export interface StripeCharge {
  readonly id: string;
  readonly status: "succeeded" | "pending" | "failed";
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly metadata: Metadata;
  readonly invoice: string | null;
  readonly payment_intent: string | null;
}

export interface StripeRefund {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly metadata: Metadata;
  readonly charge: string | StripeCharge;
}

export interface Dispute {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly created: number;
}

/** What an event is about, as far as it matters which of ours that is. */
export interface StripeEvent {
  readonly id: string;
  readonly livemode: boolean;
  readonly type: string;
  readonly data: {
    readonly object: {
      readonly id?: string;
      readonly object?: string;
      readonly metadata?: Metadata;
      readonly subscription?: string | null;
      readonly charge?: string | null;
      readonly subscription_details?: Invoice["subscription_details"];
      readonly parent?: Invoice["parent"];
    };
  };
}
