import type { Server } from "../server.ts";
import type { Session } from "./sessions.ts";

/** What a member may store, and does. */
export interface Usage {
  readonly member: string;
  readonly isOperator: boolean;
  readonly quotaBytes: number;
  readonly usedBytes: number;
  readonly reservedBytes: number;
  readonly trashedBytes: number;
  readonly events: number;
}

export async function memberUsage({ db }: Server, { member, isOperator }: Session): Promise<Usage> {
  const row = await db.query
    .selectFrom("member")
    .select(["quotaBytes", "usedBytes", "reservedBytes", "trashedBytes", "events"])
    .where("id", "=", member)
    .executeTakeFirstOrThrow();
  return { member, isOperator, ...row };
}
