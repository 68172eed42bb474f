import type { KindEntry } from "../kind.ts";

/** Money that went from one to another. The amount is the source's own digits. */
export interface TransferPayload {
  readonly state?: "sent" | "accepted" | "returned" | "pending" | "failed" | (string & {});
  readonly amount?: string;
  /** ISO 4217, or the source's own name for it. */
  readonly currency?: string;
  readonly payer?: string;
  readonly payee?: string;
  readonly note?: string;
  /** The source's ids of the transfer. */
  readonly transferId?: string;
  readonly transactionId?: string;
}

export const transfer: KindEntry<TransferPayload> = {
  label: { en: "Transfer", zh: "转账" },
  check: ({ object, text }) =>
    object<TransferPayload>({
      state: text,
      amount: text,
      currency: text,
      payer: text,
      payee: text,
      note: text,
      transferId: text,
      transactionId: text,
    }),
  texts: (payload) => [payload.note, payload.amount],
};
