import { KeepsakeError } from "@keepsake/core/base";
import { randomId } from "../keys/ids.ts";
import { note } from "../members/events.ts";
import { lockMember } from "../members/lock.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";

/** A line of a member's list of vaults. */
export interface VaultLine {
  readonly id: string;
  readonly createdMs: number;
  readonly usedBytes: number;
  readonly objects: number;
  readonly receipts: number;
}

/** A member has few vaults; this many are a mistake. */
const MOST_VAULTS = 20;

/** Makes an empty vault: a store that the member's devices fill. */
export async function makeVault({ db, clock }: Server, { member, id: session }: Session): Promise<string> {
  const [id, nowMs] = [randomId(), clock.now()];
  await db.transaction(async (query) => {
    await lockMember(query, member);
    const { count } = await query
      .selectFrom("vault")
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("member", "=", member)
      .executeTakeFirstOrThrow();
    if (count >= MOST_VAULTS)
      throw new KeepsakeError("base.limit", { details: { what: "vaults", most: MOST_VAULTS } });
    await query
      .insertInto("vault")
      .values({ id, member, createdMs: nowMs, usedBytes: 0, objects: 0, receipts: 0, receiptHash: "" })
      .execute();
    await note(query, nowMs, { member, kind: "vault-made", session, details: { vault: id } });
  });
  return id;
}

/** A member's vaults, the oldest first. */
export async function listVaults({ db }: Server, { member }: Session): Promise<readonly VaultLine[]> {
  return db.query
    .selectFrom("vault")
    .select(["id", "createdMs", "usedBytes", "objects", "receipts"])
    .where("member", "=", member)
    .orderBy("createdMs")
    .orderBy("id")
    .execute();
}

/** Throws `member.unknown-vault` where the vault is not this member's: it is not said whether it is another's. */
export async function requireVault({ db }: Server, { member }: Session, vault: string): Promise<void> {
  const found = await db.query
    .selectFrom("vault")
    .select("id")
    .where("id", "=", vault)
    .where("member", "=", member)
    .executeTakeFirst();
  if (found === undefined) throw new KeepsakeError("member.unknown-vault");
}
