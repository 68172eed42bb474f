import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../db/index.ts";
import { beginClosing } from "../members/closing/closing.ts";
import { note } from "../members/events.ts";
import { lockMember } from "../members/lock.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { isWellTold } from "./lapse/course.ts";
import { heldBy } from "./lapse/standing.ts";
import { deliveredOf, tell } from "./lapse/tell.ts";
import { serverDay, type ServerTime } from "./server-days.ts";
import type { IdleRuleTable } from "./tables.ts";

/*
 * A member may say that the membership ends when none of its devices was here for so long. Off unless somebody sets it.
 * Days are those of the server. Before it, the member is told by mail and SMS; then it is an end like any other: a week,
 * told each day, which any device takes back.
 */

/** After how many days; 0 for never. */
export const idleChoices = [0, 180, 365, 730] as const;
export type IdleDays = (typeof idleChoices)[number];

const noticeDays = [-30, -14, -7, -5];
const LOOK_DAYS = 7;
const BATCH = 200;
/** No device hears of it: else it would not be unused. */
const WAYS = ["email", "phone"];

/** Throws `level.no-ways` where the member could not be told by two ways. */
export async function setIdleRule(
  { db, clock }: Server,
  { member, id: session }: Session,
  days: IdleDays,
): Promise<void> {
  await db.transaction(async (query) => {
    await lockMember(query, member);
    const contacts = await query.selectFrom("contact").select("kind").where("member", "=", member).execute();
    if (days > 0 && !WAYS.every((way) => contacts.some(({ kind }) => kind === way)))
      throw new KeepsakeError("level.no-ways");
    await forget(query, member);
    await query.deleteFrom("idleRule").where("member", "=", member).execute();
    if (days > 0) {
      const day = await serverDay(query);
      const seenMs = await lastSeen(query, member);
      await query
        .insertInto("idleRule")
        .values({ member, days, seenMs, idleFrom: day, told: 0, dueDay: day + LOOK_DAYS })
        .execute();
    }
    await note(query, clock.now(), { member, kind: "idle-set", session, details: { days } });
  });
}

/** After how many days; 0 for never. */
export async function idleDays({ db }: Server, member: string): Promise<number> {
  const row = await db.query
    .selectFrom("idleRule")
    .select("days")
    .where("member", "=", member)
    .executeTakeFirst();
  return row?.days ?? 0;
}

/** Goes on with all rules whose next look is due. */
export async function stepIdle(server: Server, { day }: ServerTime, signal?: AbortSignal): Promise<void> {
  for (let isEnd = false; !isEnd && signal?.aborted !== true;) {
    const rows = await server.db.query
      .selectFrom("idleRule")
      .select("member")
      .where("dueDay", "<=", day)
      .orderBy("dueDay")
      .limit(BATCH)
      .execute();
    for (const { member } of rows)
      await server.db.transaction((query) => stepRule(query, server, { member, day }));
    isEnd = rows.length < BATCH;
  }
}

async function stepRule(
  query: Query,
  server: Server,
  { member, day }: { readonly member: string; readonly day: number },
): Promise<void> {
  await lockMember(query, member);
  const row = await query.selectFrom("idleRule").selectAll().where("member", "=", member).executeTakeFirst();
  if (row === undefined) return;
  const seenMs = await lastSeen(query, member);
  const isHere = seenMs > row.seenMs;
  const rule = isHere ? { ...row, seenMs, idleFrom: day, told: 0 } : row;
  if (isHere) await forget(query, member);
  const next = await tellRule(query, server.clock.now(), { rule, day });
  await query.updateTable("idleRule").set(next).where("member", "=", member).execute();
  if (day < rule.idleFrom + rule.days) return;
  const held = await heldBy(query, member);
  const told = await deliveredOf(query, member, "idle");
  if (held.isHeld || held.isFamilyWaiting || held.isClosing) return;
  // Every notice counts here: all of them come before the end.
  if (!isWellTold(told.map((notice) => ({ ...notice, day: 1 })))) return;
  await beginClosing(query, server.clock.now(), { member, by: "member", session: "", cell: server.cell });
}

async function tellRule(
  query: Query,
  nowMs: number,
  { rule, day }: { readonly rule: IdleRuleTable; readonly day: number },
): Promise<Partial<IdleRuleTable>> {
  const { member, days, seenMs, idleFrom } = rule;
  const endDay = idleFrom + days;
  let { told } = rule;
  let due: number | undefined;
  for (; told < noticeDays.length && endDay + noticeDays[told]! <= day; told++) due = noticeDays[told];
  if (due !== undefined) {
    const details = { days, daysLeft: Math.max(0, endDay - day) };
    await tell(query, nowMs, { member, cause: "idle", day: due, kind: "idle-soon", details });
    await deliveredOf(query, member, "idle");
  }
  const next = endDay + (noticeDays[told] ?? 0);
  return { seenMs, idleFrom, told, dueDay: Math.max(day + 1, Math.min(next, day + LOOK_DAYS)) };
}

async function lastSeen(query: Query, member: string): Promise<number> {
  const { seenMs } = await query
    .selectFrom("session")
    .select((row) => row.fn.max<number | null>("seenMs").as("seenMs"))
    .where("member", "=", member)
    .executeTakeFirstOrThrow();
  return seenMs ?? 0;
}

async function forget(query: Query, member: string): Promise<void> {
  await query.deleteFrom("lapseNotice").where("member", "=", member).where("cause", "=", "idle").execute();
}
