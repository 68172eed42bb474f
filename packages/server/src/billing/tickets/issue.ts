import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { dayOf, firstDay, ticketInfo, type TicketKind, type TicketTerms } from "@keepsake/core/protocol";
import type { Query } from "../../db/index.ts";
import { evaluateBlinded, requireSoon } from "../../keys/tickets.ts";
import type { Server } from "../../server.ts";

/*
 * An account gets one ticket for each week and each quarter that it has paid for. What it gets is blinded: the ticket
 * itself is seen here neither now nor later. Nothing of when it was asked for is kept.
 */

/** What an account has paid for on each of some days: the room in bytes, 0 for nothing. */
export type RightsOf = (query: Query, account: string, days: readonly number[]) => Promise<readonly number[]>;

/** A ticket that is asked for. */
export interface BlindedTicket extends TicketTerms {
  /** In hex. */
  readonly blinded: string;
}

/** The answer to one, in hex. */
export interface EvaluatedTicket {
  readonly evaluated: string;
  readonly proof: string;
}

/**
 * Gives an account the tickets that it asks for, all or none. The same ones again get the same answers. Throws
 * `ticket.no-right`, `ticket.issued`, `ticket.wrong-time`, and `request.invalid` for what is no blinded element.
 */
export async function issueTickets(
  server: Pick<Server, "db" | "secrets" | "clock">,
  account: string,
  { tickets, rightsOf }: { readonly tickets: readonly BlindedTicket[]; readonly rightsOf: RightsOf },
): Promise<readonly EvaluatedTicket[]> {
  const today = dayOf(server.clock.now());
  // Evaluated first: what is no element is not written down as given out.
  const evaluated: EvaluatedTicket[] = [];
  for (const ticket of tickets) {
    requireSoon(ticket, { earliest: today, today });
    const answer = evaluateBlinded(server.secrets, ticketInfo(ticket), ticket.blinded);
    if (answer === undefined)
      throw new KeepsakeError("request.invalid", { details: { where: "blinded", rule: "element" } });
    evaluated.push(answer);
    // Each takes some milliseconds: others come in between.
    await setImmediate();
  }
  await server.db.transaction(async (query) => {
    for (const ticket of tickets) await takeDown(query, { account, ticket, today, rightsOf });
  });
  return evaluated;
}

interface Taken {
  readonly account: string;
  readonly ticket: BlindedTicket;
  readonly today: number;
  readonly rightsOf: RightsOf;
}

async function takeDown(query: Query, { account, ticket, today, rightsOf }: Taken): Promise<void> {
  const { kind, period, levelBytes, blinded } = ticket;
  const rights = await rightsOf(query, account, daysOf(ticket, today));
  if (levelBytes < 1 || Math.max(...rights) !== levelBytes)
    throw new KeepsakeError("ticket.no-right", {
      details: { kind, period, levelBytes: Math.max(...rights) },
    });
  const blindedHash = createHash("sha256").update(blinded).digest("hex");
  const untilDay = firstDay(kind, period + 1);
  const { numInsertedOrUpdatedRows = 0n } = await query
    .insertInto("ticketIssue")
    .values({ account, kind, period, levelBytes, blindedHash, untilDay })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  const given = await query
    .selectFrom("ticketIssue")
    .select(["levelBytes", "blindedHash"])
    .where("account", "=", account)
    .where("kind", "=", kind)
    .where("period", "=", period)
    .where("levelBytes", ">=", levelBytes)
    .execute();
  const [only] = given;
  if (numInsertedOrUpdatedRows > 0n && given.length === 1) return;
  // A higher one is worth as much and more; a lower one is followed by one for what was bought since.
  if (given.length > 1 || only?.blindedHash !== blindedHash)
    throw new KeepsakeError("ticket.issued", { details: { kind, period } });
}

/**
 * The days that a ticket asks about. A week is paid for if any day of it is that is still to come. A quarter is paid for
 * if its first such day is.
 */
function daysOf({ kind, period }: { kind: TicketKind; period: number }, today: number): readonly number[] {
  const from = Math.max(today, firstDay(kind, period));
  if (kind === "keep") return [from];
  return Array.from({ length: firstDay(kind, period + 1) - from }, (_, i) => from + i);
}

/** Forgets what was given out for times that are past; so many at once. */
export async function sweepIssues(
  { db }: Pick<Server, "db">,
  { beforeDay, limit }: { readonly beforeDay: number; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await db.query
    .deleteFrom("ticketIssue")
    .where((row) =>
      row(
        row.refTuple("account", "kind", "period", "levelBytes"),
        "in",
        row
          .selectFrom("ticketIssue")
          .select(["account", "kind", "period", "levelBytes"])
          .where("untilDay", "<", beforeDay)
          .orderBy("untilDay")
          .limit(limit)
          .$asTuple("account", "kind", "period", "levelBytes"),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
