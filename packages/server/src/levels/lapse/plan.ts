import type { Query } from "../../db/index.ts";
import type { LapseTable } from "../tables.ts";

/**
 * Sets when a member's paid time ends, in the transaction in which that became known. Says whether it is paid for again
 * after a lapse: what was put away is to come back.
 */
export async function planLapse(
  query: Query,
  { member, endDay, today }: Pick<LapseTable, "member" | "endDay"> & { readonly today: number },
): Promise<boolean> {
  const row = await query
    .selectFrom("lapse")
    .select(["state", "endDay"])
    .where("member", "=", member)
    .forUpdate()
    .executeTakeFirst();
  // The step that comes first finds out which notice is the next one.
  const ahead = { endDay, knownDay: today, aheadDay: today, dueDay: null, told: 0, zeroDay: 0 } as const;
  if (row === undefined) {
    const rest = { readDay: 0, objects: 0, bytes: 0 };
    await query
      .insertInto("lapse")
      .values({ member, state: "ahead", ...ahead, ...rest })
      .execute();
    return false;
  }
  const isOver = row.state === "lapsed" || row.state === "removing";
  if (row.endDay === endDay || (isOver && endDay <= today)) return false;
  // Nothing is told of what is on its way back: that comes first.
  const next = isOver ? { ...ahead, aheadDay: null, dueDay: 0, state: "returning" as const } : ahead;
  const isReturning = row.state === "returning";
  await query
    .updateTable("lapse")
    .set(isReturning ? { endDay, knownDay: today } : next)
    .where("member", "=", member)
    .execute();
  if (isOver)
    await query.deleteFrom("lapseNotice").where("member", "=", member).where("cause", "=", "lapse").execute();
  return isOver || isReturning;
}

/** What was put away is back: from here on the paid time goes on as if it had never ended. */
export async function endReturn(query: Query, member: string, today: number): Promise<void> {
  await query
    .updateTable("lapse")
    .set({ state: "ahead", aheadDay: today, dueDay: null, told: 0, zeroDay: 0, objects: 0, bytes: 0 })
    .where("member", "=", member)
    .where("state", "=", "returning")
    .execute();
}
