import type { Server } from "../server.ts";
import { pendingReset } from "./access/reset.ts";
import { hasTotp } from "./access/totp.ts";
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
  readonly isApprovalOn: boolean;
  readonly isTotpOn: boolean;
  /** Until when a reset of the password can be taken back; 0 without one. */
  readonly resetUntilMs: number;
}

export async function memberUsage({ db, clock }: Server, { member, isOperator }: Session): Promise<Usage> {
  const { deviceApproval, ...row } = await db.query
    .selectFrom("member")
    .select(["quotaBytes", "usedBytes", "reservedBytes", "trashedBytes", "events", "deviceApproval"])
    .where("id", "=", member)
    .executeTakeFirstOrThrow();
  const reset = await pendingReset(db.query, member, clock.now());
  return {
    member,
    isOperator,
    ...row,
    isApprovalOn: deviceApproval === 1,
    isTotpOn: await hasTotp({ db }, member),
    resetUntilMs: reset?.untilMs ?? 0,
  };
}
