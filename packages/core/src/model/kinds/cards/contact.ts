export interface ContactPayload {
  readonly name?: string;
  /** The account that the card names. */
  readonly account?: string;
  readonly phones?: readonly string[];
  readonly emails?: readonly string[];
  readonly vcard?: string;
  readonly note?: string;
}
