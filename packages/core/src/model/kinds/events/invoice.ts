import type { KindEntry } from "../kind.ts";

export interface InvoicePayload {
  readonly title?: string;
  readonly description?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly paid?: boolean;
  readonly receiptTarget?: string;
}

export const invoice: KindEntry<InvoicePayload> = {
  label: { en: "Invoice", zh: "账单" },
  check: ({ flag, object, text }) =>
    object<InvoicePayload>({
      title: text,
      description: text,
      amount: text,
      currency: text,
      paid: flag,
      receiptTarget: text,
    }),
  texts: (payload) => [payload.title, payload.description, payload.amount],
};
