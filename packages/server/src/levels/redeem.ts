import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { dayOf, firstDay, ticketInfo, type TicketKind, type TicketTerms } from "@keepsake/core/protocol";
import type { Query } from "../db/index.ts";
import { indexOf } from "../keys/sealed.ts";
import type { Secrets } from "../keys/secrets.ts";
import { isTicket, requireSoon } from "../keys/tickets.ts";
import { lockMember } from "../members/lock.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { bringBack } from "./lapse/trash.ts";
import { levelOf, type LevelLine } from "./line.ts";
import { turn } from "./turn.ts";

/*
 * A member shows tickets, and has the room that they say in the weeks that they name. Nothing else is known of who paid,
 * when, or what; and of when tickets were shown nothing is kept.
 */

/** A ticket as its member shows it. */
export interface ShownTicket {
  readonly kind: TicketKind;
  readonly period: number;
  readonly levelBytes: number;
  /** In hex. */
  readonly input: string;
  readonly output: string;
}

/**
 * Takes tickets of a member, all or none. The same ones again change nothing. Throws `ticket.bad`, `ticket.spent`,
 * `ticket.wrong-time`.
 */
export async function redeemTickets(
  server: Server,
  { member }: Session,
  tickets: readonly ShownTicket[],
): Promise<LevelLine> {
  const { db, secrets, clock, cell } = server;
  const today = dayOf(clock.now());
  const shown = await shownBefore(server, member, tickets);
  for (const ticket of tickets) {
    requireSoon(ticket, { earliest: today - 1, today });
    // Devices show what they have each day: what was computed once is not computed again.
    if (shown.has(ticket)) continue;
    const { kind, period, levelBytes } = ticket;
    const terms: TicketTerms = { kind, period, levelBytes, cell };
    if (!isTicket(secrets, ticketInfo(terms), ticket)) throw new KeepsakeError("ticket.bad");
    await setImmediate();
  }
  const isBack = await db.transaction(async (query) => {
    await lockMember(query, member);
    for (const ticket of tickets) {
      await spend(query, server, { member, ticket });
      await (ticket.kind === "week" ? payWeek(query, member, ticket) : keep(query, member, ticket));
    }
    return turn(query, { member, today });
  });
  if (isBack) await bringBack(server, member);
  return levelOf(server, member);
}

/** Those that this very member showed before. */
async function shownBefore(
  { db, secrets }: Server,
  member: string,
  tickets: readonly ShownTicket[],
): Promise<ReadonlySet<ShownTicket>> {
  const rows = await db.query
    .selectFrom("spentLevel")
    .select(["ticketHash", "by"])
    .where("ticketHash", "in", tickets.map(hashOf))
    .execute();
  const known = new Set(rows.map(({ ticketHash, by }) => `${ticketHash} ${by}`));
  return new Set(
    tickets.filter((ticket) => {
      const ticketHash = hashOf(ticket);
      return known.has(`${ticketHash} ${byOf(secrets, ticketHash, member)}`);
    }),
  );
}

/** Over all that a ticket says: another level or week is another ticket. */
function hashOf({ kind, period, levelBytes, input, output }: ShownTicket): string {
  return createHash("sha256").update([kind, period, levelBytes, input, output].join(" ")).digest("hex");
}

function byOf(secrets: Secrets, ticketHash: string, member: string): string {
  return indexOf(secrets, "level", `${ticketHash} ${member}`);
}

/** Throws `ticket.spent` where another member was first. */
async function spend(
  query: Query,
  { secrets }: Server,
  { member, ticket }: { readonly member: string; readonly ticket: ShownTicket },
): Promise<void> {
  const ticketHash = hashOf(ticket);
  const by = byOf(secrets, ticketHash, member);
  const untilDay = firstDay(ticket.kind, ticket.period + 1);
  const { numInsertedOrUpdatedRows = 0n } = await query
    .insertInto("spentLevel")
    .values({ ticketHash, by, untilDay })
    .onConflict((conflict) => conflict.column("ticketHash").doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows > 0n) return;
  const first = await query
    .selectFrom("spentLevel")
    .select("by")
    .where("ticketHash", "=", ticketHash)
    .executeTakeFirst();
  if (first?.by !== by) throw new KeepsakeError("ticket.spent");
}

async function payWeek(
  query: Query,
  member: string,
  { period: week, levelBytes }: ShownTicket,
): Promise<void> {
  await query
    .insertInto("paidWeek")
    .values({ member, week, levelBytes })
    .onConflict((conflict) =>
      conflict
        .columns(["member", "week"])
        .doUpdateSet({ levelBytes })
        .where("paidWeek.levelBytes", "<", levelBytes),
    )
    .execute();
}

/** Of several the one that reaches furthest counts; of one quarter the largest. */
async function keep(query: Query, member: string, { period, levelBytes }: ShownTicket): Promise<void> {
  const kept = { keepQuarter: period, keepBytes: levelBytes };
  await query
    .insertInto("level")
    .values({ member, levelBytes: 0, untilWeek: 0, turnWeek: null, atWeek: 0, ...kept })
    .onConflict((conflict) =>
      conflict
        .column("member")
        .doUpdateSet(kept)
        .where((row) =>
          row.or([
            row("level.keepQuarter", "<", period),
            row.and([row("level.keepQuarter", "=", period), row("level.keepBytes", "<", levelBytes)]),
          ]),
        ),
    )
    .execute();
}
