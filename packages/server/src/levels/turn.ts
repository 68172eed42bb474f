import { dayOf, firstDay, weekOf } from "@keepsake/core/protocol";
import type { Query } from "../db/index.ts";
import { lockMember } from "../members/lock.ts";
import type { Server } from "../server.ts";
import { planLapse } from "./lapse/plan.ts";
import type { LevelTable } from "./tables.ts";

const BATCH = 200;

/**
 * Sets what a member may store by the weeks that are paid for, in a transaction that has locked the member. Says whether
 * that ended a lapse, so that what was put away comes back.
 */
export async function turn(
  query: Query,
  { member, today }: { readonly member: string; readonly today: number },
): Promise<boolean> {
  const week = weekOf(today);
  const before = await query
    .selectFrom("level")
    .selectAll()
    .where("member", "=", member)
    .forUpdate()
    .executeTakeFirst();
  const paid = await query
    .selectFrom("paidWeek")
    .select(["week", "levelBytes"])
    .where("member", "=", member)
    .where("week", ">=", week)
    .orderBy("week")
    .execute();
  const level = levelIn(week, paid);
  const untilWeek = paid.at(-1)?.week ?? Math.min(before?.untilWeek ?? 0, week - 1);
  const { keepQuarter = 0, keepBytes = 0 } = before ?? {};
  const now = { ...level, untilWeek, atWeek: week };
  await query
    .insertInto("level")
    .values({ member, keepQuarter, keepBytes, ...now })
    .onConflict((conflict) => conflict.column("member").doUpdateSet(now))
    .execute();
  await setRoom(query, member);
  const endDay = endOf({ untilWeek, keepQuarter });
  return planLapse(query, { member, endDay, today });
}

function levelIn(
  week: number,
  paid: readonly { readonly week: number; readonly levelBytes: number }[],
): Pick<LevelTable, "levelBytes" | "turnWeek"> {
  const byWeek = new Map(paid.map((each) => [each.week, each.levelBytes]));
  const levelBytes = byWeek.get(week) ?? 0;
  const last = paid.at(-1)?.week ?? week;
  for (let next = week + 1; next <= last + 1; next++)
    if ((byWeek.get(next) ?? 0) !== levelBytes) return { levelBytes, turnWeek: next };
  return { levelBytes, turnWeek: null };
}

/** The first day on which nothing is paid for any more. */
export function endOf({ untilWeek, keepQuarter }: Pick<LevelTable, "untilWeek" | "keepQuarter">): number {
  const kept = keepQuarter === 0 ? 0 : firstDay("keep", keepQuarter + 1);
  return Math.max(firstDay("week", untilWeek + 1), kept);
}

/** What a member may store: the level of this week, or what the operator grants, whichever is more. Removes nothing. */
export async function setRoom(query: Query, member: string): Promise<void> {
  const row = await query
    .selectFrom("member")
    .leftJoin("level", "level.member", "member.id")
    .select(["quotaBytes", "ownBytes", "levelBytes"])
    .where("member.id", "=", member)
    .executeTakeFirstOrThrow();
  const quotaBytes = Math.max(row.ownBytes, row.levelBytes ?? 0);
  if (quotaBytes === row.quotaBytes) return;
  await query
    .updateTable("member")
    .set({ quotaBytes, roomStep: 0, roomRefused: 0 })
    .where("id", "=", member)
    .execute();
}

/** Goes on with the members whose level is another one from this week on; after a clock that was ahead, with those too. */
export async function turnAll({ db, clock }: Server, signal?: AbortSignal): Promise<number> {
  const today = dayOf(clock.now());
  const week = weekOf(today);
  let turned = 0;
  for (const [column, is] of [
    ["turnWeek", "<="],
    ["atWeek", ">"],
  ] as const)
    for (let isEnd = false; !isEnd && signal?.aborted !== true;) {
      const rows = await db.query
        .selectFrom("level")
        .select("member")
        .where(column, is, week)
        .orderBy(column)
        .limit(BATCH)
        .execute();
      for (const { member } of rows)
        await db.transaction(async (query) => {
          await lockMember(query, member);
          await turn(query, { member, today });
        });
      turned += rows.length;
      isEnd = rows.length < BATCH;
    }
  return turned;
}

/** Forgets weeks that were paid for, and tickets that were used, long enough ago; so many at once. */
export async function sweepWeeks(
  { db }: Server,
  { beforeDay, limit }: { readonly beforeDay: number; readonly limit: number },
): Promise<number> {
  const weeks = await db.query
    .deleteFrom("paidWeek")
    .where((row) =>
      row(
        row.refTuple("member", "week"),
        "in",
        row
          .selectFrom("paidWeek")
          .select(["member", "week"])
          .where("week", "<", weekOf(beforeDay))
          .orderBy("week")
          .limit(limit)
          .$asTuple("member", "week"),
      ),
    )
    .executeTakeFirst();
  const spent = await db.query
    .deleteFrom("spentLevel")
    .where("ticketHash", "in", (row) =>
      row
        .selectFrom("spentLevel")
        .select("ticketHash")
        .where("untilDay", "<", beforeDay)
        .orderBy("untilDay")
        .limit(limit),
    )
    .executeTakeFirst();
  return Math.max(Number(weeks.numDeletedRows), Number(spent.numDeletedRows));
}
