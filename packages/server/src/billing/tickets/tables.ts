/** Tickets for trials that were used. */
export interface SpentTrialTable {
  readonly ticketHash: string;
  /** What it was used for: the same account may ask again. */
  readonly subscription: string;
}

/** For which weeks and quarters an account was given tickets: once each, and once more where its level rose. */
export interface TicketIssueTable {
  readonly account: string;
  readonly kind: string;
  readonly period: number;
  readonly levelBytes: number;
  /** Of the blinded element: the same again gets the same answer. */
  readonly blindedHash: string;
  /** The first day on which nobody could use it any more. */
  readonly untilDay: number;
}
