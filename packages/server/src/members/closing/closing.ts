import { KeepsakeError } from "@keepsake/core/base";
import { idIn } from "../../cells/tags.ts";
import type { Query } from "../../db/index.ts";
import type { Server } from "../../server.ts";
import { checkTotp } from "../access/totp.ts";
import { countTry, forgetTries } from "../access/tries.ts";
import { note } from "../events.ts";
import { finishLogin, startLogin } from "../password.ts";
import type { Session } from "../sessions.ts";
import type { ClosingTable } from "./tables.ts";

/*
 * A membership ends after a week in which every device and every contact was told each day. The week is made of time in
 * which the server ran and told: a clock that jumps, forward or back, shortens nothing and deletes nothing.
 */

const DAY_MS = 24 * 60 * 60_000;
const WAIT_DAYS = 7;
/** A step of the wait counts for no more than this, whatever the clock says. */
const MOST_STEP_MS = 20 * 60_000;

/** What a member and the operator see of it. */
export interface ClosingLine {
  readonly by: ClosingTable["by"];
  readonly receipt: string;
  readonly beganMs: number;
  readonly daysLeft: number;
}

/** Begins to ask who is logged in for the password once more. */
export async function askPassword(
  server: Server,
  { member }: Session,
  startLoginRequest: string,
): Promise<{ readonly ticket: string; readonly loginResponse: string }> {
  await countTry(server, "login", triedBy(member));
  const known = await server.db.query
    .selectFrom("member")
    .select(["id as member", "credential", "record"])
    .where("id", "=", member)
    .executeTakeFirstOrThrow();
  const tried = { nameIndex: triedBy(member), from: "" };
  return startLogin(server, { tried, known, startLoginRequest });
}

/** Begins the end of a membership, by its member: the password was given just now. Throws `member.wrong-login`. */
export async function closeOwn(
  server: Server,
  session: Session,
  given: {
    readonly ticket: string;
    readonly finishLoginRequest: string;
    readonly totp?: string | undefined;
  },
): Promise<ClosingLine> {
  const { member, id } = session;
  const proven = finishLogin(server, given);
  if (proven.member !== member) throw new KeepsakeError("member.wrong-login");
  await checkTotp(server, member, given.totp);
  await forgetTries(server, "login", triedBy(member));
  const nowMs = server.clock.now();
  return server.db.transaction(async (query) => {
    const { credential } = await query
      .selectFrom("member")
      .select("credential")
      .where("id", "=", member)
      .executeTakeFirstOrThrow();
    if (credential !== proven.credential) throw new KeepsakeError("member.wrong-login");
    return beginClosing(query, nowMs, { member, by: "member", session: id, cell: server.cell });
  });
}

/** Begins it; one that was begun already stays as it is. Throws `request.not-found` where there is no such member. */
export async function beginClosing(
  query: Query,
  nowMs: number,
  {
    member,
    by,
    session,
    cell,
  }: Pick<ClosingTable, "member" | "by"> & { readonly session: string; readonly cell: number },
): Promise<ClosingLine> {
  // Whoever else begins waits for the row of the member.
  const { numUpdatedRows } = await query
    .updateTable("member")
    .set({ id: member })
    .where("id", "=", member)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new KeepsakeError("request.not-found");
  const old = await closingOf(query, member);
  if (old !== undefined) return old;
  const receipt = idIn(cell);
  const begun = { beganMs: nowMs, tickedMs: nowMs, waitedMs: 0, notices: 1, state: "waiting" } as const;
  const nothing = { vaults: 0, objects: 0, bytes: 0 };
  await query
    .insertInto("closing")
    .values({ member, by, receipt, ...begun, ...nothing })
    .execute();
  await note(query, nowMs, { member, kind: "closing-begun", session, details: { by, days: WAIT_DAYS } });
  return { by, receipt, beganMs: nowMs, daysLeft: WAIT_DAYS };
}

/** Undefined where the membership is not being ended. */
export async function closingOf(query: Query, member: string): Promise<ClosingLine | undefined> {
  const row = await query.selectFrom("closing").selectAll().where("member", "=", member).executeTakeFirst();
  if (row === undefined) return undefined;
  const { by, receipt, beganMs, waitedMs } = row;
  return { by, receipt, beganMs, daysLeft: Math.max(0, Math.ceil(WAIT_DAYS - waitedMs / DAY_MS)) };
}

/** Takes it back. Throws `request.not-found` where there is nothing to take back, or it is not theirs to. */
export async function keepMember(
  query: Query,
  nowMs: number,
  { member, by, session }: Pick<ClosingTable, "member" | "by"> & { readonly session: string },
): Promise<void> {
  const { numDeletedRows } = await query
    .deleteFrom("closing")
    .where("member", "=", member)
    .where("state", "=", "waiting")
    .$if(by === "member", (own) => own.where("by", "=", "member"))
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new KeepsakeError("request.not-found");
  await note(query, nowMs, { member, kind: "closing-cancelled", session, details: { by } });
}

/** Goes on with all waits by the time that has passed since the last step. */
export async function stepClosings({ db, clock }: Server): Promise<void> {
  const rows = await db.query.selectFrom("closing").select("member").where("state", "=", "waiting").execute();
  for (const { member } of rows) await db.transaction((query) => stepClosing(query, member, clock.now()));
}

async function stepClosing(query: Query, member: string, nowMs: number): Promise<void> {
  const row = await query
    .selectFrom("closing")
    .selectAll()
    .where("member", "=", member)
    .where("state", "=", "waiting")
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return;
  const waitedMs = row.waitedMs + Math.min(Math.max(0, nowMs - row.tickedMs), MOST_STEP_MS);
  const isNoticeDue = Math.floor(waitedMs / DAY_MS) >= row.notices;
  const notices = row.notices + (isNoticeDue ? 1 : 0);
  // The first notice is that of the beginning.
  const isOver = waitedMs >= WAIT_DAYS * DAY_MS && notices > WAIT_DAYS;
  const state = isOver ? "removing" : "waiting";
  await query
    .updateTable("closing")
    .set({ waitedMs, tickedMs: nowMs, notices, state })
    .where("member", "=", member)
    .execute();
  const days = Math.max(0, Math.ceil(WAIT_DAYS - waitedMs / DAY_MS));
  if (isNoticeDue)
    await note(query, nowMs, { member, kind: "closing-notice", session: "", details: { days } });
  if (isOver) await shut(query, member);
}

/** From now on nobody comes in: no session, no login, nothing that could make one. */
async function shut(query: Query, member: string): Promise<void> {
  await query.updateTable("member").set({ state: "closing" }).where("id", "=", member).execute();
  for (const table of ["session", "reset"] as const)
    await query.deleteFrom(table).where("member", "=", member).execute();
}

function triedBy(member: string): string {
  return `closing/${member}`;
}
