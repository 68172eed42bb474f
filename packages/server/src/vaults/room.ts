import { KeepsakeError } from "@keepsake/core/base";
import { sql } from "kysely";
import type { Query } from "../db/index.ts";
import { fullnessColumns, stepAfter, tellFullness } from "./fullness.ts";

/** What is added to what a member's vaults take up; negative to give it back. */
export interface Change {
  readonly usedBytes?: number;
  readonly reservedBytes?: number;
  readonly trashedBytes?: number;
}

/**
 * Takes room, reserved or used at once, by one statement that counts and compares: however many come at the same time,
 * what is used and reserved stays within the plan. What lies in the trash takes no room of the plan, as long as it is
 * not more than the plan itself. Throws `member.over-quota`, `level.over` where that is because the paid
 * time is over, and `member.trash-full` where the trash is why.
 */
export async function takeRoom(
  query: Query,
  member: string,
  taken: {
    readonly as: "reservedBytes" | "usedBytes";
    readonly bytes: number;
    readonly nowMs: number;
  },
): Promise<void> {
  const { as, bytes, nowMs } = taken;
  const fullness = await query
    .updateTable("member")
    .set((row) => ({ [as]: row(as, "+", bytes) }))
    .where("id", "=", member)
    .where(
      sql<boolean>`${sql.ref("usedBytes")} + ${sql.ref("reservedBytes")} + ${bytes} <= ${sql.ref("quotaBytes")}`,
    )
    .where(
      sql<boolean>`${sql.ref("usedBytes")} + ${sql.ref("reservedBytes")} + ${sql.ref("trashedBytes")} + ${bytes} - ${sql.ref("quotaBytes")} <= ${sql.ref("quotaBytes")}`,
    )
    .returning(fullnessColumns)
    .executeTakeFirst();
  if (fullness === undefined) throw await overQuota(query, member, bytes);
  await tellFullness(query, { member, nowMs, ...fullness });
}

async function overQuota(query: Query, member: string, neededBytes: number): Promise<KeepsakeError> {
  const { quotaBytes, usedBytes, reservedBytes, trashedBytes, levelBytes } = await query
    .selectFrom("member")
    .leftJoin("level", "level.member", "member.id")
    .select(["quotaBytes", "usedBytes", "reservedBytes", "trashedBytes", "levelBytes"])
    .where("member.id", "=", member)
    .executeTakeFirstOrThrow();
  const leftBytes = quotaBytes - usedBytes - reservedBytes;
  // The trash takes part of it where it is larger than the plan.
  const freeBytes = Math.max(0, Math.min(leftBytes, leftBytes + quotaBytes - trashedBytes));
  const details = { quotaBytes, freeBytes, neededBytes };
  if (leftBytes < neededBytes && levelBytes === 0) return new KeepsakeError("level.over", { details });
  if (leftBytes < neededBytes) return new KeepsakeError("member.over-quota", { details });
  return new KeepsakeError("member.trash-full", { details: { ...details, trashedBytes } });
}

/** Counts what a member's vaults take up, and what one of them does. */
export async function countRoom(
  query: Query,
  { member, vault }: { readonly member: string; readonly vault: string },
  change: Change & { readonly objects?: number },
): Promise<void> {
  const { usedBytes = 0, reservedBytes = 0, trashedBytes = 0, objects = 0 } = change;
  const givenBytes = -(usedBytes + reservedBytes);
  await query
    .updateTable("member")
    .set((row) => ({
      usedBytes: row("usedBytes", "+", usedBytes),
      reservedBytes: row("reservedBytes", "+", reservedBytes),
      trashedBytes: row("trashedBytes", "+", trashedBytes),
      ...(givenBytes > 0 ? { roomStep: stepAfter(givenBytes) } : {}),
      ...(usedBytes < 0 ? { roomRefused: 0 } : {}),
    }))
    .where("id", "=", member)
    .execute();
  if (usedBytes !== 0 || objects !== 0) await countVault(query, vault, { usedBytes, objects });
}

/** Counts what one vault takes up. */
export async function countVault(
  query: Query,
  vault: string,
  { usedBytes, objects }: { readonly usedBytes: number; readonly objects: number },
): Promise<void> {
  await query
    .updateTable("vault")
    .set((row) => ({ usedBytes: row("usedBytes", "+", usedBytes), objects: row("objects", "+", objects) }))
    .where("id", "=", vault)
    .execute();
}
