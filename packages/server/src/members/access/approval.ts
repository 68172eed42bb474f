import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../../db/index.ts";
import type { Server } from "../../server.ts";
import { note } from "../events.ts";
import type { Session, Way } from "../sessions.ts";
import { makeFull } from "./prove.ts";
import { lockPassword, pendingReset } from "./reset.ts";

const APPROVAL_MS = 72 * 60 * 60_000;

/** Sets whether a login by password waits for another device. */
export async function setApproval({ db, clock }: Server, session: Session, isOn: boolean): Promise<void> {
  const { member } = session;
  await db.transaction(async (query) => {
    const { numUpdatedRows } = await query
      .updateTable("member")
      .set({ deviceApproval: isOn ? 1 : 0 })
      .where("id", "=", member)
      .where("deviceApproval", "=", isOn ? 0 : 1)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await note(query, clock.now(), {
      member,
      kind: isOn ? "approval-on" : "approval-off",
      session: session.id,
    });
  });
}

/** Approves another device of the member. Throws `request.not-found` where none of that id waits. */
export async function approveDevice({ db, clock }: Server, session: Session, id: string): Promise<void> {
  const { member } = session;
  const nowMs = clock.now();
  await db.transaction(async (query) => {
    await lockPassword(query, member);
    if (!(await makeFull(query, nowMs, { member, id, by: session.id })))
      throw new KeepsakeError("request.not-found");
  });
}

/** How a session that a password opens now begins: limited while a reset can be cancelled, or a device must approve. */
export async function limitsOf(
  query: Query,
  member: string,
  nowMs: number,
): Promise<{ readonly way: Way; readonly fullFromMs: number }> {
  const reset = await pendingReset(query, member);
  const { deviceApproval } = await query
    .selectFrom("member")
    .select("deviceApproval")
    .where("id", "=", member)
    .executeTakeFirstOrThrow();
  const approvedMs = deviceApproval === 1 ? nowMs + APPROVAL_MS : 0;
  if (reset !== undefined) return { way: "reset", fullFromMs: Math.max(reset.untilMs, approvedMs) };
  return { way: "password", fullFromMs: approvedMs };
}
