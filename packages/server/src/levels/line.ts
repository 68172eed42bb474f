import type { Server } from "../server.ts";
import type { LapseTable } from "./tables.ts";
import { endOf } from "./turn.ts";

/** What a member sees of the level. Days are counted since 1970. */
export interface LevelLine {
  readonly cell: number;
  /** What the operator grants, and what tickets have shown for this week; 0 for none. */
  readonly ownBytes: number;
  readonly levelBytes: number;
  /** The last week that is paid for, and the last quarter in which nothing is removed; 0 where there never was one. */
  readonly untilWeek: number;
  readonly keepQuarter: number;
  readonly lapse?: LapseLine;
}

/** What becomes of a member whose paid time is over. */
interface LapseLine {
  readonly state: LapseTable["state"];
  /** The first day that is not paid for. */
  readonly endDay: number;
}

/** What tickets have shown of a member. */
export async function levelOf({ db, cell }: Server, member: string): Promise<LevelLine> {
  const row = await db.query
    .selectFrom("member")
    .leftJoin("level", "level.member", "member.id")
    .leftJoin("lapse", "lapse.member", "member.id")
    .select(["ownBytes", "levelBytes", "untilWeek", "keepQuarter", "lapse.state"])
    .where("member.id", "=", member)
    .executeTakeFirstOrThrow();
  const { ownBytes, state } = row;
  const [levelBytes, untilWeek, keepQuarter] = [
    row.levelBytes ?? 0,
    row.untilWeek ?? 0,
    row.keepQuarter ?? 0,
  ];
  const lapse = state === null ? {} : { lapse: { state, endDay: endOf({ untilWeek, keepQuarter }) } };
  return { cell, ownBytes, levelBytes, untilWeek, keepQuarter, ...lapse };
}
