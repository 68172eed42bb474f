import { KeepsakeError } from "@keepsake/core/base";
import { fixed } from "../db/index.ts";
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
  readonly isApprovalOn: boolean;
  readonly isTotpOn: boolean;
  /** Until when a reset of the password can be taken back; 0 without one. */
  readonly resetUntilMs: number;
}

const rowOf = fixed((query, member: string) =>
  query
    .selectFrom("member")
    .select(["quotaBytes", "usedBytes", "reservedBytes", "trashedBytes", "events", "deviceApproval"])
    .select((each) => [
      each
        .selectFrom("totp")
        .select((row) => row.fn.countAll<number>().as("count"))
        .whereRef("totp.member", "=", "member.id")
        .as("totp"),
      each
        .selectFrom("reset")
        .select((row) => row.fn.max("untilMs").as("untilMs"))
        .whereRef("reset.member", "=", "member.id")
        .as("resetUntilMs"),
    ])
    .where("id", "=", member),
);

/** By one statement: devices ask for it at every turn. */
export async function memberUsage({ db }: Server, { member, isOperator }: Session): Promise<Usage> {
  const found = await rowOf(db.query, member);
  // Closed in this very moment.
  if (found === undefined) throw new KeepsakeError("member.no-session");
  const { deviceApproval, totp, resetUntilMs, ...row } = found;
  return {
    member,
    isOperator,
    ...row,
    isApprovalOn: deviceApproval === 1,
    isTotpOn: totp !== 0,
    resetUntilMs: resetUntilMs ?? 0,
  };
}
