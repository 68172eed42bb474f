import { bytesToHex, hexToBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import type { Primitives } from "../../base/index.ts";
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

/*
 * A member's part of the tickets. What is blinded, and by what, comes from the payer's seed: every device of the member
 * that has it asks for the very same tickets, so that none is lost with a device, and none is asked for twice.
 */

/** The OPRF is loaded with the first ticket: whoever pays for nothing never needs it. */
async function loadOprf() {
  const { ristretto255_oprf: oprf } = await import("@noble/curves/ed25519.js");
  return oprf.poprf;
}

/** A ticket that is ready to be shown. Plain, to be kept sealed: whoever has it can show it first. */
export interface Ticket extends TicketTerms {
  /** In hex. */
  readonly input: string;
  readonly output: string;
}

/** What a server is asked for a ticket, and what it answers, in hex. */
export type AskedTicket = TicketTerms & { readonly blinded: string };
export interface GivenTicket {
  readonly evaluated: string;
  readonly proof: string;
}

export interface TicketOptions {
  readonly primitives: Primitives;
  /** The seed of the payer's key. */
  readonly seed: Bytes;
  /** The server's key of tickets, as `pinnedTicketKey` gives it. */
  readonly key: string;
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
  const poprf = await loadOprf();
  const { primitives, seed, ask } = options;
  const key = hexToBytes(options.key);
  if (key === undefined) throw new KeepsakeError("ticket.bad-proof");
  const tickets: Ticket[] = [];
  for (let at = 0; at < wanted.length; at += TICKETS_AT_ONCE) {
    const made = wanted.slice(at, at + TICKETS_AT_ONCE).map((terms) => {
      const suite = poprf(textToBytes(ticketInfo(terms)));
      const draw = drawer(primitives, seed, terms);
      const input = draw("input", INPUT_BYTES);
      const blinding = suite.blind(input, key, (length = 0) => draw("blind", length));
      return { terms, suite, input, ...blinding };
    });
    const answers = await ask(made.map(({ terms, blinded }) => ({ ...terms, blinded: hexOf(blinded) })));
    made.forEach(({ terms, suite, input, blind, blinded, tweakedKey }, i) => {
      const { evaluated, proof } = proven(answers[i]);
      try {
        const output = suite.finalize(input, blind, evaluated, blinded, proof, tweakedKey);
        tickets.push({ ...terms, input: hexOf(input), output: hexOf(output) });
      } catch (cause) {
        throw new KeepsakeError("ticket.bad-proof", { cause });
      }
    });
  }
  return tickets;
}

const INPUT_BYTES = 32;

/** Bytes that only the seed gives, and always the same for one ticket. */
function drawer(
  primitives: Primitives,
  seed: Bytes,
  terms: TicketTerms,
): (what: string, length: number) => Bytes {
  const key = primitives.hmacSha256(seed, textToBytes(ticketInfo(terms)));
  return (what, length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += INPUT_BYTES) {
      const block = primitives.hmacSha256(key, textToBytes(`${what}\n${at}`));
      bytes.set(block.subarray(0, length - at), at);
    }
    return bytes;
  };
}

function proven(answer: GivenTicket | undefined): { readonly evaluated: Bytes; readonly proof: Bytes } {
  const [evaluated, proof] = [hexToBytes(answer?.evaluated ?? ""), hexToBytes(answer?.proof ?? "")];
  if (evaluated === undefined || proof === undefined) throw new KeepsakeError("ticket.bad-proof");
  return { evaluated, proof };
}

function hexOf(bytes: Uint8Array): string {
  return bytesToHex(new Uint8Array(bytes));
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
