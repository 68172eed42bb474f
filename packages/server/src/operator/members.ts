import { KeepsakeError } from "@keepsake/core/base";
import type { Db } from "../db/index.ts";
import { beginClosing, keepMember, type ClosingLine } from "../members/closing/closing.ts";
import { note } from "../members/events.ts";
import { setRoom } from "../levels/turn.ts";
import type { Server } from "../server.ts";
import { record, type By } from "./log.ts";

/** What an operator sees of a member: no name, no address, no content. */
export interface MemberLine {
  readonly id: string;
  readonly createdMs: number;
  readonly state: string;
  readonly isOperator: boolean;
  readonly quotaBytes: number;
  readonly usedBytes: number;
  readonly trashedBytes: number;
}

/** Members in the order of their ids, after one of them. */
export async function listMembers(
  { db }: Server,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly MemberLine[]> {
  const rows = await db.query
    .selectFrom("member")
    .select(["id", "createdMs", "state", "isOperator", "quotaBytes", "usedBytes", "trashedBytes"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, isOperator: row.isOperator === 1 }));
}

/** All of them together. */
export interface Sums {
  readonly members: number;
  /** By how they stand: as members, and of those whose paid time ends or ended, how far that has come. */
  readonly states: readonly { readonly state: string; readonly count: number }[];
  readonly lapses: readonly { readonly state: string; readonly count: number }[];
  /** By the room that tickets have shown for this week, 0 for none: how many have it, and what these store. */
  readonly levels: readonly {
    readonly levelBytes: number;
    readonly members: number;
    readonly usedBytes: number;
  }[];
  readonly vaults: number;
  readonly objects: number;
  readonly usedBytes: number;
  readonly trashedBytes: number;
}

export async function sums({ db }: Server): Promise<Sums> {
  const members = await db.query
    .selectFrom("member")
    .select((row) => [
      row.fn.countAll<number>().as("members"),
      row.fn.coalesce(row.fn.sum<number>("usedBytes"), row.lit(0)).as("usedBytes"),
      row.fn.coalesce(row.fn.sum<number>("trashedBytes"), row.lit(0)).as("trashedBytes"),
    ])
    .executeTakeFirstOrThrow();
  const vaults = await db.query
    .selectFrom("vault")
    .select((row) => [
      row.fn.countAll<number>().as("vaults"),
      row.fn.coalesce(row.fn.sum<number>("objects"), row.lit(0)).as("objects"),
    ])
    .executeTakeFirstOrThrow();
  const exact = (value: number | string): number => Number(value);
  return {
    ...(await standings(db)),
    members: exact(members.members),
    usedBytes: exact(members.usedBytes),
    trashedBytes: exact(members.trashedBytes),
    vaults: exact(vaults.vaults),
    objects: exact(vaults.objects),
  };
}

async function standings({ query }: Db): Promise<Pick<Sums, "states" | "lapses" | "levels">> {
  const states = await query
    .selectFrom("member")
    .select((row) => ["state", row.fn.countAll<number>().as("count")])
    .groupBy("state")
    .orderBy("state")
    .execute();
  const lapses = await query
    .selectFrom("lapse")
    .select((row) => ["state", row.fn.countAll<number>().as("count")])
    .groupBy("state")
    .orderBy("state")
    .execute();
  const rows = await query
    .selectFrom("member")
    .leftJoin("level", "level.member", "member.id")
    .select((row) => [
      "level.levelBytes",
      row.fn.countAll<number>().as("members"),
      row.fn.sum<number>("usedBytes").as("usedBytes"),
    ])
    .groupBy("level.levelBytes")
    .execute();
  const levels = new Map<number, { readonly levelBytes: number; members: number; usedBytes: number }>();
  for (const { levelBytes: known, members, usedBytes } of rows) {
    // Who never showed a ticket has none, like those whose week is over.
    const levelBytes = Number(known ?? 0);
    const level = levels.get(levelBytes) ?? { levelBytes, members: 0, usedBytes: 0 };
    level.members += Number(members);
    level.usedBytes += Number(usedBytes);
    levels.set(levelBytes, level);
  }
  const counted = (rows: readonly { readonly state: string; readonly count: number }[]) =>
    rows.map(({ state, count }) => ({ state, count: Number(count) }));
  return {
    states: counted(states),
    lapses: counted(lapses),
    levels: [...levels.values()].toSorted((a, b) => a.levelBytes - b.levelBytes),
  };
}

/** Sets what a member may store without anything paid; a level that is more counts as long as it lasts. Less than is used stops uploads, and removes nothing. Throws `request.not-found`. */
export async function setQuota(
  server: Server,
  by: By,
  { member, quotaBytes }: { readonly member: string; readonly quotaBytes: number },
): Promise<void> {
  await server.db.transaction(async (query) => {
    const { numUpdatedRows } = await query
      .updateTable("member")
      .set({ ownBytes: quotaBytes })
      .where("id", "=", member)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new KeepsakeError("request.not-found");
    await setRoom(query, member);
    const details = { member, quotaBytes };
    await note(query, server.clock.now(), { member, kind: "quota-set", session: by.id, details });
    await record(query, server, { kind: "quota-set", by, details });
  });
}

/** Begins to end a membership: its member is told for seven days, and cannot take it back. Throws `request.not-found`. */
export function closeMember(server: Server, by: By, member: string): Promise<ClosingLine> {
  const nowMs = server.clock.now();
  return server.db.transaction(async (query) => {
    const line = await beginClosing(query, nowMs, {
      member,
      by: "operator",
      session: by.id,
      cell: server.cell,
    });
    const details = { member, receipt: line.receipt };
    await record(query, server, { kind: "closing-begun", by, details });
    return line;
  });
}

/** Takes that back, whoever asked for it. Throws `request.not-found`. */
export async function keepOn(server: Server, by: By, member: string): Promise<void> {
  const nowMs = server.clock.now();
  await server.db.transaction(async (query) => {
    await keepMember(query, nowMs, { member, by: "operator", session: by.id });
    await record(query, server, { kind: "closing-cancelled", by, details: { member } });
  });
}

/** Has nothing of a member removed for want of payment or of use, or ends that. Throws `request.not-found`. */
export async function holdMember(
  server: Server,
  by: By,
  { member, isHeld }: { readonly member: string; readonly isHeld: boolean },
): Promise<void> {
  const nowMs = server.clock.now();
  await server.db.transaction(async (query) => {
    const found = await query.selectFrom("member").select("id").where("id", "=", member).executeTakeFirst();
    if (found === undefined) throw new KeepsakeError("request.not-found");
    await (
      isHeld
        ? query
            .insertInto("hold")
            .values({ member, sinceMs: nowMs })
            .onConflict((conflict) => conflict.doNothing())
        : query.deleteFrom("hold").where("member", "=", member)
    ).execute();
    await record(query, server, { kind: isHeld ? "held" : "hold-ended", by, details: { member } });
  });
}
