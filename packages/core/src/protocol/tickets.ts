/*
 * Tickets: what one side of a server, which knows who paid, gives out blinded, and the other, which knows who stores,
 * takes. What both must know of a ticket is public, and the same for all who have the same level: docs/PROTOCOL.md.
 */

/** `week`: room for a week. `keep`: nothing is removed before the end of a quarter. */
export type TicketKind = "week" | "keep";

/** What a ticket says, to whoever sees it. */
export interface TicketTerms {
  readonly kind: TicketKind;
  /** The number of the week or of the quarter, counted from the first of 1970 (0). */
  readonly period: number;
  readonly levelBytes: number;
  /** The cell whose members may use it; 0 where a server is alone. */
  readonly cell: number;
}

/** What a ticket says, as both sides put it into the arithmetic: the public information of RFC 9497. */
export function ticketInfo({ kind, period, levelBytes, cell }: TicketTerms): string {
  return ["keepsake/1/ticket", kind, period, levelBytes, cell].join("\n");
}

/** What the ticket for a member's one trial says: the same for everybody, so that it tells nobody apart. */
export const TRIAL_INFO = "keepsake/1/trial";

const DAY_MS = 24 * 60 * 60_000;
const WEEK_DAYS = 7;

/** Days, weeks and quarters are counted from the first of January 1970, in UTC. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}

export function weekOf(day: number): number {
  return Math.floor(day / WEEK_DAYS);
}

export function quarterOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return (date.getUTCFullYear() - 1970) * 4 + Math.floor(date.getUTCMonth() / 3);
}

/** The first day of a week or a quarter. */
export function firstDay(kind: TicketKind, period: number): number {
  if (kind === "week") return period * WEEK_DAYS;
  return dayOf(Date.UTC(1970 + Math.floor(period / 4), (period % 4) * 3, 1));
}

/** The number of the week or the quarter in which a day lies. */
export function periodOf(kind: TicketKind, day: number): number {
  return kind === "week" ? weekOf(day) : quarterOf(day);
}

/** How far ahead tickets are given out and taken: for devices that are off, and for whoever paid a year. */
export const ticketsAhead: Readonly<Record<TicketKind, number>> = { week: 9, keep: 5 };
/** Tickets in one request: each costs the server some milliseconds. */
export const TICKETS_AT_ONCE = 16;
