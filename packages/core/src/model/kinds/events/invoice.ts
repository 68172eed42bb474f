export interface InvoicePayload {
  readonly title?: string;
  readonly description?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly paid?: boolean;
  readonly receiptTarget?: string;
}
