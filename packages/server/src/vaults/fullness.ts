import { KeepsakeError } from "@keepsake/core/base";
import { sql, type RawBuilder } from "kysely";
import type { Query } from "../db/index.ts";
import { note } from "../members/events.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";

/*
 * A member hears that room becomes short at 80 and at 95 percent, and when something was refused: once each, and again
 * only after it went below, or something was given back.
 */

const DAY_MS = 24 * 60 * 60_000;

interface Fullness {
  readonly usedBytes: number;
  readonly reservedBytes: number;
  readonly quotaBytes: number;
  /** The last percentage that the member was told of; 0 for none. */
  readonly roomStep: number;
}

/** The columns that `tellFullness` takes. */
export const fullnessColumns = ["usedBytes", "reservedBytes", "quotaBytes", "roomStep"] as const;

/** Tells a member who has just taken room, in the transaction of that, where a step was reached. */
export async function tellFullness(
  query: Query,
  { member, nowMs, ...fullness }: Fullness & { readonly member: string; readonly nowMs: number },
): Promise<void> {
  const { usedBytes, reservedBytes, quotaBytes, roomStep } = fullness;
  const step = stepOf(usedBytes + reservedBytes, quotaBytes);
  if (step <= roomStep) return;
  await query.updateTable("member").set({ roomStep: step }).where("id", "=", member).execute();
  const kind = step === 95 ? "room-95" : "room-80";
  const details = { usedBytes: usedBytes + reservedBytes, quotaBytes };
  await note(query, nowMs, { member, kind, session: "", details });
}

function stepOf(takenBytes: number, quotaBytes: number): 0 | 80 | 95 {
  const share = takenBytes / quotaBytes;
  if (share >= 0.95) return 95;
  return share >= 0.8 ? 80 : 0;
}

/** For an update of `member` that gives so many bytes back: the steps that are no longer reached may be told again. */
export function stepAfter(givenBytes: number): RawBuilder<number> {
  const [used, reserved, quota, step] = fullnessColumns.map((column) => sql.ref(column));
  const share = sql`(${used} + ${reserved} - ${givenBytes}) * 100`;
  return sql<number>`case when ${share} < ${quota} * 80 then 0
    when ${share} < ${quota} * 95 and ${step} > 80 then 80 else ${step} end`;
}

/** Does what may be refused for want of room; where it is, the member is told, once until something was given back. */
export async function tellingRefusal<T>(
  server: Server,
  { member, id: session }: Session,
  work: () => Promise<T>,
): Promise<T> {
  const { db, clock } = server;
  try {
    return await work();
  } catch (error) {
    const isTrash = KeepsakeError.is(error, "member.trash-full");
    const isFull = KeepsakeError.is(error, "member.over-quota") || KeepsakeError.is(error, "level.over");
    if (!isTrash && !isFull) throw error;
    await db.transaction(async (query) => {
      const { numUpdatedRows } = await query
        .updateTable("member")
        .set({ roomRefused: 1 })
        .where("id", "=", member)
        .where("roomRefused", "=", 0)
        .executeTakeFirst();
      const details = { quotaBytes: Number(error.details["quotaBytes"]) };
      if (numUpdatedRows > 0n)
        await note(query, clock.now(), { member, kind: "room-refused", session, details });
    });
    throw isTrash ? await sayingWhen(server, member, error) : error;
  }
}

/** A full trash, with the time from when on it gets emptier. */
async function sayingWhen(
  { db, config }: Server,
  member: string,
  { details }: KeepsakeError,
): Promise<KeepsakeError> {
  const { firstMs } = await db.query
    .selectFrom("trash")
    .innerJoin("vault", "vault.id", "trash.vault")
    .select((row) => row.fn.min<number | null>("removedMs").as("firstMs"))
    .where("member", "=", member)
    .where("keptUntil", "=", 0)
    .executeTakeFirstOrThrow();
  const untilMs = (firstMs ?? 0) + config.trashDays * DAY_MS;
  return new KeepsakeError("member.trash-full", { details: { ...details, untilMs } });
}
