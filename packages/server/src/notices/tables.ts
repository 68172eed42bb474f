/** What is to be sent to one contact, is sent, or could not be. Kept for a while as the record of what was told. */
export interface NoticeTable {
  readonly id: string;
  /** Empty where nobody is a member yet. */
  readonly member: string;
  /** The number of the member's event that it tells of; 0 for a code. */
  readonly event: number;
  /** Which of the catalogue. */
  readonly message: string;
  /** The kind of contact: `email` or `phone`. */
  readonly channel: string;
  readonly language: string;
  /** `sent` means that the mail server or the gateway took it. */
  readonly state: "queued" | "sent" | "failed";
  readonly queuedMs: number;
  readonly doneMs: number;
  /** The code of the last failure. */
  readonly lastError: string;
  /** Where it goes, as long as it is queued. */
  readonly sealed: Uint8Array | null;
  readonly sealedCode: Uint8Array | null;
}
