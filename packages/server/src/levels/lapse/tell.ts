import type { MemberEventKind } from "@keepsake/core/protocol";
import type { Query } from "../../db/index.ts";
import { note } from "../../members/events.ts";
import type { LapseNoticeTable } from "../tables.ts";
import type { Told } from "./course.ts";

interface Notice extends Pick<LapseNoticeTable, "member" | "cause" | "day"> {
  readonly kind: MemberEventKind;
  readonly details?: Readonly<Record<string, number | string>>;
}

/** Tells a member, on every device and at every contact, and takes it down so that it can be seen what was delivered. */
export async function tell(
  query: Query,
  nowMs: number,
  { member, cause, day, kind, details = {} }: Notice,
): Promise<void> {
  await note(query, nowMs, { member, kind, session: "", details });
  const { events: event } = await query
    .selectFrom("member")
    .select("events")
    .where("id", "=", member)
    .executeTakeFirstOrThrow();
  await query
    .insertInto("lapseNotice")
    .values({ member, cause, day, event, email: 0, phone: 0, device: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * By which ways the notices of a member were delivered so far: the mail server or the gateway has taken it, or one of
 * the member's devices has fetched it. Taken down, since the records of what was sent are kept for a month only.
 */
export async function deliveredOf(
  query: Query,
  member: string,
  cause: LapseNoticeTable["cause"],
): Promise<readonly Told[]> {
  const notices = await query
    .selectFrom("lapseNotice")
    .selectAll()
    .where("member", "=", member)
    .where("cause", "=", cause)
    .orderBy("day")
    .execute();
  if (notices.length === 0) return [];
  const { heard } = await query
    .selectFrom("session")
    .select((row) => row.fn.max<number | null>("heardEvents").as("heard"))
    .where("member", "=", member)
    .executeTakeFirstOrThrow();
  const sent = await query
    .selectFrom("notice")
    .select(["event", "channel"])
    .where("member", "=", member)
    .where("state", "=", "sent")
    .execute();
  const has = (event: number, way: string): boolean =>
    sent.some((each) => each.event === event && each.channel === way);
  const told = notices.map((notice) => ({
    ...notice,
    email: notice.email || Number(has(notice.event, "email")),
    phone: notice.phone || Number(has(notice.event, "phone")),
    device: notice.device || Number((heard ?? 0) >= notice.event),
  }));
  for (const { day, email, phone, device } of told)
    await query
      .updateTable("lapseNotice")
      .set({ email, phone, device })
      .where("member", "=", member)
      .where("cause", "=", cause)
      .where("day", "=", day)
      .execute();
  return told;
}
