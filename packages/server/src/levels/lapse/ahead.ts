import { dayOf } from "@keepsake/core/protocol";
import type { Query } from "../../db/index.ts";
import type { Server } from "../../server.ts";
import { mayGo } from "./may-go.ts";

/** Objects of one week, and how many of them would go. */
interface WeekAhead {
  readonly week: number;
  readonly objects: number;
  readonly bytes: number;
  readonly goingObjects: number;
  readonly goingBytes: number;
}

/** What would go of a member if nobody paid any more and nothing was stored or removed until then. */
export interface RemovalAhead {
  /** What is above the own room. */
  readonly overBytes: number;
  /** The day before which nothing goes, where an end of what is paid for is known. */
  readonly fromDay?: number;
  /** What is put away now, and comes back to who pays. */
  readonly awayObjects: number;
  readonly awayBytes: number;
  /** What has no week: it never goes. */
  readonly keptBytes: number;
  /** The oldest first. */
  readonly weeks: readonly WeekAhead[];
}

/** Looks ahead, by the same order in which things are put away. Changes nothing. */
export async function removalAhead({ db, clock, catalogues }: Server, member: string): Promise<RemovalAhead> {
  const { lapse: terms } = await catalogues.current();
  const { query } = db;
  const { usedBytes, ownBytes, state, endDay } = await query
    .selectFrom("member")
    .leftJoin("lapse", "lapse.member", "member.id")
    .select(["usedBytes", "ownBytes", "lapse.state", "lapse.endDay"])
    .where("member.id", "=", member)
    .executeTakeFirstOrThrow();
  const overBytes = Math.max(0, usedBytes - ownBytes);
  const weeks = await weeksAhead(query, member, overBytes);
  const known = weeks.reduce((sum, { bytes }) => sum + bytes, 0);
  const away = await awayOf(query, member);
  const fromDay = Math.max(dayOf(clock.now()), (endDay ?? 0) + terms.exportDays);
  return {
    overBytes,
    ...(state !== null && { fromDay }),
    awayObjects: away.objects,
    awayBytes: away.bytes,
    keptBytes: Math.max(0, usedBytes - known),
    weeks,
  };
}

async function weeksAhead(query: Query, member: string, overBytes: number): Promise<WeekAhead[]> {
  const rows = await query
    .selectFrom("object")
    .innerJoin("vault", "vault.id", "object.vault")
    .select((each) => [
      "object.week",
      each.fn.countAll<number>().as("objects"),
      each.fn.sum<number>("object.sizeBytes").as("bytes"),
    ])
    .where("vault.member", "=", member)
    .where(mayGo)
    .groupBy("object.week")
    .orderBy("object.week")
    .execute();
  const weeks: WeekAhead[] = [];
  let leftBytes = overBytes;
  for (const { week, ...sums } of rows) {
    const [objects, bytes] = [Number(sums.objects), Number(sums.bytes)];
    const going = await goingOf(query, { member, week, objects, bytes }, leftBytes);
    leftBytes -= going.goingBytes;
    weeks.push({ week, objects, bytes, ...going });
  }
  return weeks;
}

/** Of the week in which enough is found, only some objects go. */
async function goingOf(
  query: Query,
  { member, week, objects, bytes }: Omit<WeekAhead, "goingObjects" | "goingBytes"> & { member: string },
  leftBytes: number,
): Promise<Pick<WeekAhead, "goingObjects" | "goingBytes">> {
  if (leftBytes <= 0) return { goingObjects: 0, goingBytes: 0 };
  if (bytes <= leftBytes) return { goingObjects: objects, goingBytes: bytes };
  const rows = await query
    .selectFrom("object")
    .innerJoin("vault", "vault.id", "object.vault")
    .select("object.sizeBytes")
    .where("vault.member", "=", member)
    .where("object.week", "=", week)
    .where(mayGo)
    .orderBy("object.name")
    .execute();
  let [goingObjects, goingBytes] = [0, 0];
  for (const { sizeBytes } of rows) {
    if (goingBytes >= leftBytes) break;
    goingObjects++;
    goingBytes += sizeBytes;
  }
  return { goingObjects, goingBytes };
}

/** What a lapse has put away of a member and still lies there; `firstDay` is when the first of it goes. */
export async function awayOf(
  query: Query,
  member: string,
): Promise<{ readonly objects: number; readonly bytes: number; readonly firstDay: number }> {
  const row = await query
    .selectFrom("trash")
    .innerJoin("vault", "vault.id", "trash.vault")
    .select((each) => [
      each.fn.countAll<number>().as("objects"),
      each.fn.sum<number | null>("sizeBytes").as("bytes"),
      each.fn.min<number | null>("keptUntil").as("firstDay"),
    ])
    .where("vault.member", "=", member)
    .where("keptUntil", ">", 0)
    .executeTakeFirstOrThrow();
  return { objects: Number(row.objects), bytes: Number(row.bytes ?? 0), firstDay: Number(row.firstDay ?? 0) };
}
