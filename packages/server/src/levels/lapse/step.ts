import { dayOf, removalText } from "@keepsake/core/protocol";
import { idIn } from "../../cells/tags.ts";
import type { Query } from "../../db/index.ts";
import { note } from "../../members/events.ts";
import { lockMember } from "../../members/lock.ts";
import type { Server } from "../../server.ts";
import { holdBlobs } from "../../vaults/ownership.ts";
import { signText } from "../../vaults/receipts.ts";
import type { ServerTime } from "../server-days.ts";
import type { LapseTable } from "../tables.ts";
import { awayOf } from "./ahead.ts";
import { afterEnd, beforeEnd, mayRemove, nextAhead, type Due, type Terms } from "./course.ts";
import { heldBy } from "./standing.ts";
import { deliveredOf, tell } from "./tell.ts";
import { bringBack, endSome, putAway } from "./trash.ts";

const BATCH = 200;
/** Somebody whose paid time is over is looked at so often: also to take down what was delivered meanwhile. */
const LOOK_DAYS = 7;
/** Notices of the last days before anything may be removed say so. */
const LAST_DAYS = 30;

interface Step {
  readonly member: string;
  readonly terms: Terms & { readonly quarantineDays: number };
  readonly time: ServerTime;
}

/** Goes on with all lapses by one step. Nothing happens that is not due, and nothing twice. */
export async function stepLapses(server: Server, time: ServerTime, signal?: AbortSignal): Promise<void> {
  const { lapse: terms } = await server.catalogues.current();
  const today = dayOf(server.clock.now());
  const all = async (
    column: "aheadDay" | "dueDay",
    until: number,
    step: (step: Step) => Promise<unknown>,
  ): Promise<void> => {
    for (let isEnd = false; !isEnd && signal?.aborted !== true;) {
      const rows = await server.db.query
        .selectFrom("lapse")
        .select("member")
        .where(column, "<=", until)
        .orderBy(column)
        .limit(BATCH)
        .execute();
      for (const { member } of rows) await step({ member, terms, time });
      isEnd = rows.length < BATCH;
    }
  };
  if (time.isSure) await all("aheadDay", today, (step) => stepAhead(server, step));
  await all("dueDay", time.day, (step) => stepAfter(server, step));
}

/** Before the end: tells that it comes, and sees it. */
async function stepAhead({ db, clock }: Server, { member, terms, time }: Step): Promise<void> {
  await db.transaction(async (query) => {
    await lockMember(query, member);
    const row = await rowOf(query, member);
    if (row === undefined || row.aheadDay === null) return;
    const nowMs = clock.now();
    const today = dayOf(nowMs);
    const { tell: day, told } = beforeEnd(row, today, terms);
    const { endDay } = row;
    const isOver = today >= endDay;
    const next = isOver
      ? { state: "lapsed" as const, aheadDay: null, dueDay: time.day, zeroDay: time.day, readDay: 0 }
      : { aheadDay: Math.max(nextAhead({ endDay, told }, terms), today + 1) };
    await query
      .updateTable("lapse")
      .set({ told, ...next })
      .where("member", "=", member)
      .execute();
    if (day !== undefined)
      await tell(query, nowMs, { member, cause: "lapse", day, kind: "lapse-soon", details: { endDay } });
  });
}

/** After it. */
async function stepAfter(server: Server, step: Step): Promise<void> {
  const row = await rowOf(server.db.query, step.member);
  if (row === undefined || row.dueDay === null || row.dueDay > step.time.day) return;
  if (row.state === "returning") return bringBack(server, step.member);
  if (row.state === "removing") return stepRemoving(server, step);
  if (await stepLapsed(server, step)) await beginRemoval(server, step);
}

/** Tells what is due. True where it is time to put away what is above the own room. */
async function stepLapsed({ db, clock }: Server, { member, terms, time }: Step): Promise<boolean> {
  return db.transaction(async (query) => {
    await lockMember(query, member);
    const row = await rowOf(query, member);
    if (row?.state !== "lapsed") return false;
    const days = time.day - row.zeroDay;
    const due = afterEnd(row.told, days, terms);
    const isAbove = await isAboveRoom(query, member);
    // Who has nothing that could go is told of the end, and left alone.
    if (!isAbove && days >= terms.exportDays) {
      await query.deleteFrom("lapse").where("member", "=", member).execute();
      return false;
    }
    await tellDue(query, clock.now(), { row, due, isAbove, terms });
    const notices = await deliveredOf(query, member, "lapse");
    const standing = {
      days,
      notices,
      unreadDays: time.day - row.readDay,
      ...(await heldBy(query, member)),
    };
    const isRipe = isAbove && mayRemove(standing, terms);
    await query
      .updateTable("lapse")
      .set({ told: due.told, dueDay: nextLook(row, { due, day: time.day, terms }) })
      .where("member", "=", member)
      .execute();
    // Due at once: a process that ends in the middle is followed by another.
    if (isRipe)
      await query
        .updateTable("lapse")
        .set({ state: "removing", dueDay: time.day })
        .where("member", "=", member)
        .execute();
    return isRipe;
  });
}

function nextLook(
  { zeroDay }: LapseTable,
  { due, day, terms }: { readonly due: Due; readonly day: number; readonly terms: Terms },
): number {
  const next = terms.noticeDays[due.told];
  return Math.min(day + LOOK_DAYS, next === undefined ? Infinity : Math.max(zeroDay + next, day + 1));
}

async function tellDue(
  query: Query,
  nowMs: number,
  { row, due, isAbove, terms }: { row: LapseTable; due: Due; isAbove: boolean; terms: Terms },
): Promise<void> {
  const { tell: day } = due;
  if (day === undefined || (day > 0 && !isAbove)) return;
  const kind =
    day === 0 ? "lapse-begun" : day >= terms.exportDays - LAST_DAYS ? "lapse-last" : "lapse-notice";
  const details = { endDay: row.endDay, daysLeft: Math.max(0, terms.exportDays - day) };
  await tell(query, nowMs, { member: row.member, cause: "lapse", day, kind, details });
}

async function isAboveRoom(query: Query, member: string): Promise<boolean> {
  const { usedBytes, quotaBytes } = await query
    .selectFrom("member")
    .select(["usedBytes", "quotaBytes"])
    .where("id", "=", member)
    .executeTakeFirstOrThrow();
  return usedBytes > quotaBytes;
}

/** All that is above the own room goes into the trash; from there it comes back, or goes after the days of quarantine. */
async function beginRemoval(server: Server, { member, terms, time }: Step): Promise<void> {
  const keptUntil = time.day + terms.quarantineDays;
  while ((await putAway(server, { member, keptUntil })).objects > 0) continue;
  await server.db.transaction(async (query) => {
    await lockMember(query, member);
    const row = await rowOf(query, member);
    if (row?.state !== "removing") return;
    const { objects, bytes } = await awayOf(query, member);
    // There may be nothing that may go: all of it is kept for ever.
    const next =
      objects === 0 ? { state: "lapsed" as const, dueDay: time.day + LOOK_DAYS } : { dueDay: keptUntil };
    await query.updateTable("lapse").set(next).where("member", "=", member).execute();
    const details = { objects, bytes, days: terms.quarantineDays };
    if (objects > 0)
      await note(query, server.clock.now(), { member, kind: "lapse-removed", session: "", details });
  });
}

/** What was put away goes for good once its days are over, if nothing speaks against it now. */
async function stepRemoving(server: Server, step: Step): Promise<void> {
  const { member, time } = step;
  const now = await server.db.transaction((query) => removing(query, step));
  if (now === "not yet") return;
  if (now === "put away") return beginRemoval(server, step);
  if (now === "end") {
    if (!(await holdBlobs(server))) {
      server.log({ event: "not-our-objects" });
      return postpone(server.db.query, step, 1);
    }
    while (await endSome(server, { member, day: time.day })) continue;
  }
  await server.db.transaction((query) => giveReceipt(query, server, step));
}

/** What is to be done with a member whose things are being removed. */
async function removing(query: Query, step: Step): Promise<"not yet" | "put away" | "end" | "receipt"> {
  const { member, time, terms } = step;
  await lockMember(query, member);
  const row = await rowOf(query, member);
  if (row?.state !== "removing") return "not yet";
  // What went already gets its receipt, whatever happened since.
  const { objects, firstDay } = await awayOf(query, member);
  const isDue = objects > 0 && firstDay <= time.day;
  if (row.objects > 0 && !isDue) return "receipt";
  const notices = await deliveredOf(query, member, "lapse");
  const held = await heldBy(query, member);
  const [days, unreadDays] = [time.day - row.zeroDay, time.day - row.readDay];
  if (!mayRemove({ days, notices, unreadDays, ...held }, terms)) {
    await postpone(query, step, LOOK_DAYS);
    return "not yet";
  }
  return isDue ? "end" : "put away";
}

async function postpone(query: Query, { member, time }: Step, days: number): Promise<void> {
  await query
    .updateTable("lapse")
    .set({ dueDay: time.day + days })
    .where("member", "=", member)
    .where("state", "=", "removing")
    .execute();
}

/** The server's word for what went. What is left is within the own room, or kept for ever. */
async function giveReceipt(query: Query, server: Server, { member, time }: Step): Promise<void> {
  await lockMember(query, member);
  const row = await rowOf(query, member);
  if (row?.state !== "removing") return;
  const { objects, bytes, endDay } = row;
  const nowMs = server.clock.now();
  const away = await awayOf(query, member);
  const next =
    away.objects > 0
      ? { dueDay: Math.max(away.firstDay, time.day + 1) }
      : { state: "lapsed" as const, dueDay: time.day + LOOK_DAYS };
  await query
    .updateTable("lapse")
    .set({ ...next, objects: 0, bytes: 0 })
    .where("member", "=", member)
    .execute();
  if (objects === 0) return;
  const receipt = idIn(server.cell);
  const { backupDays } = server.config;
  const unsigned = { receipt, member, objects, bytes, endDay, endedMs: nowMs, backupDays };
  const signature = signText(server.secrets, removalText(unsigned));
  await query
    .insertInto("removal")
    .values({ ...unsigned, signature })
    .execute();
  const details = { receipt, objects, bytes };
  await note(query, nowMs, { member, kind: "lapse-deleted", session: "", details });
}

function rowOf(query: Query, member: string): Promise<LapseTable | undefined> {
  return query.selectFrom("lapse").selectAll().where("member", "=", member).executeTakeFirst();
}
