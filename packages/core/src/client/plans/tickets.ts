import { KeepsakeError } from "../../base/index.ts";
import {
  firstDay,
  periodOf,
  ticketInfo,
  TICKETS_AT_ONCE,
  ticketsAhead,
  type Routes,
  type TicketKind,
  type TicketTerms,
} from "../../protocol/index.ts";
import type { Connection } from "../connection.ts";
import { blindTickets, type Blinder, type GivenTicket } from "./blinding.ts";

/* A member's part of the tickets for weeks and quarters. */

/** A ticket that is ready to be shown. Plain, to be kept sealed: whoever has it can show it first. */
export interface Ticket extends TicketTerms {
  /** In hex. */
  readonly input: string;
  readonly output: string;
}

/** What a server is asked for a ticket, in hex. */
export type AskedTicket = TicketTerms & { readonly blinded: string };

export interface TicketOptions extends Blinder {
  /** Asks the billing side, `TICKETS_AT_ONCE` at most at a time. */
  readonly ask: (tickets: readonly AskedTicket[]) => Promise<readonly GivenTicket[]>;
}

/**
 * The server's key of tickets: the one that this device knows, or at its first time the one that the server gives. A key
 * for each member would tell who shows a ticket. Throws `ticket.changed-key`.
 */
export async function pinnedTicketKey(connection: Connection, known: string | undefined): Promise<string> {
  const { key } = await connection.call("GET /v1/tickets");
  if (known !== undefined && key !== known) throw new KeepsakeError("ticket.changed-key");
  return key;
}

/**
 * Which tickets to ask for: of this week and quarter and of those to come, as long as they are paid for. `levelOn` says
 * the room in bytes that is paid for on a day, 0 for nothing; what is there already is left out.
 */
export function wantedTickets({
  today,
  cell,
  levelOn,
  have,
}: {
  readonly today: number;
  readonly cell: number;
  readonly levelOn: (day: number) => number;
  readonly have: readonly TicketTerms[];
}): readonly TicketTerms[] {
  const there = new Set(have.map(ticketInfo));
  const wanted = (["week", "keep"] as const).flatMap((kind) => {
    const now = periodOf(kind, today);
    return Array.from({ length: ticketsAhead[kind] + 1 }, (_, i): TicketTerms => {
      const period = now + i;
      return {
        kind,
        period,
        levelBytes: levelIn(kind, Math.max(today, firstDay(kind, period)), levelOn),
        cell,
      };
    });
  });
  return wanted.filter((terms) => terms.levelBytes > 0 && !there.has(ticketInfo(terms)));
}

/** A week is paid for if one of its days is that are to come; a quarter if the first of these is. */
function levelIn(kind: TicketKind, from: number, levelOn: (day: number) => number): number {
  if (kind === "keep") return levelOn(from);
  const end = firstDay("week", periodOf("week", from) + 1);
  return Math.max(...Array.from({ length: end - from }, (_, i) => levelOn(from + i)));
}

/**
 * Asks for tickets, and checks that each was made with the one key. Throws `ticket.bad-proof`; tickets that another
 * request got meanwhile come again.
 */
export async function fetchTickets(
  options: TicketOptions,
  wanted: readonly TicketTerms[],
): Promise<readonly Ticket[]> {
  const tickets: Ticket[] = [];
  for (let at = 0; at < wanted.length; at += TICKETS_AT_ONCE) {
    const batch = wanted.slice(at, at + TICKETS_AT_ONCE);
    const made = await blindTickets(options, batch.map(ticketInfo));
    const answers = await options.ask(batch.map((terms, i) => ({ ...terms, blinded: made[i]!.blinded })));
    batch.forEach((terms, i) => tickets.push({ ...terms, ...made[i]!.finish(answers[i]) }));
  }
  return tickets;
}

/**
 * Shows tickets by a member's session, all that may be shown now: devices do so each day that they are on. Gives how the
 * member's level stands then, and throws away nothing: the same tickets may be shown again.
 */
export async function showTickets(
  connection: Connection,
  tickets: readonly Ticket[],
  today: number,
): Promise<Routes["GET /v1/level"]["answer"]> {
  const good = tickets
    .filter(({ kind, period }) => {
      const now = periodOf(kind, today);
      return period >= now && period <= now + ticketsAhead[kind];
    })
    .map(({ kind, period, levelBytes, input, output }) => ({ kind, period, levelBytes, input, output }));
  for (let at = 0; at < good.length; at += TICKETS_AT_ONCE)
    await connection.call("POST /v1/level", { body: { tickets: good.slice(at, at + TICKETS_AT_ONCE) } });
  return connection.call("GET /v1/level");
}
