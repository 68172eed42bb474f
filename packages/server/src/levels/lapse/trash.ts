import { dayOf } from "@keepsake/core/protocol";
import type { Query } from "../../db/index.ts";
import { randomId } from "../../keys/ids.ts";
import { lockMember } from "../../members/lock.ts";
import type { Server } from "../../server.ts";
import type { ObjectTable } from "../../vaults/tables.ts";
import { takeOut } from "../../vaults/trash.ts";
import { countRoom } from "../../vaults/room.ts";
import { buryBlob } from "../../vaults/sweep.ts";
import { mayGo } from "./may-go.ts";
import { endReturn } from "./plan.ts";

/*
 * Objects that go because nobody pays for them go in batches, each a transaction: into the trash for some days of the
 * server's own, and from there for good, or back.
 */

const BATCH = 200;

/** What a batch was of. */
export interface Moved {
  readonly objects: number;
  readonly bytes: number;
}

/**
 * Puts away what is above the own room: objects of the oldest weeks first, never any that is kept for ever, nor one that
 * holds keys. Nothing where there is nothing above it, or nothing that may go.
 */
export async function putAway(
  { db, clock }: Server,
  { member, keptUntil }: { readonly member: string; readonly keptUntil: number },
): Promise<Moved> {
  return db.transaction(async (query) => {
    await lockMember(query, member);
    const { usedBytes, quotaBytes, state } = await query
      .selectFrom("member")
      .leftJoin("lapse", "lapse.member", "member.id")
      .select(["usedBytes", "quotaBytes", "lapse.state"])
      .where("member.id", "=", member)
      .executeTakeFirstOrThrow();
    let overBytes = state === "removing" ? usedBytes - quotaBytes : 0;
    let moved: Moved = { objects: 0, bytes: 0 };
    if (overBytes <= 0) return moved;
    for (const object of await oldest(query, member)) {
      if (overBytes <= 0) break;
      await query
        .deleteFrom("object")
        .where("vault", "=", object.vault)
        .where("name", "=", object.name)
        .execute();
      const line = { id: randomId(), removedMs: clock.now(), session: "", keptUntil };
      await query
        .insertInto("trash")
        .values({ ...object, ...line })
        .execute();
      const { vault, sizeBytes } = object;
      await countRoom(query, { member, vault }, { usedBytes: -sizeBytes, objects: -1 });
      overBytes -= sizeBytes;
      moved = { objects: moved.objects + 1, bytes: moved.bytes + sizeBytes };
    }
    return moved;
  });
}

async function oldest(query: Query, member: string): Promise<readonly ObjectTable[]> {
  const all: ObjectTable[] = [];
  for (const vault of await vaultsOf(query, member))
    all.push(
      ...(await query
        .selectFrom("object")
        .selectAll()
        .where("vault", "=", vault)
        .where(mayGo)
        .orderBy("week")
        .orderBy("name")
        .limit(BATCH)
        .execute()),
    );
  return all.sort((a, b) => a.week - b.week || (a.name < b.name ? -1 : 1)).slice(0, BATCH);
}

async function vaultsOf(query: Query, member: string): Promise<readonly string[]> {
  const rows = await query.selectFrom("vault").select("id").where("member", "=", member).execute();
  return rows.map(({ id }) => id);
}

/** Brings all back that was put away of a member who pays again, and ends the lapse. May be done again at any point. */
export async function bringBack({ db, clock }: Server, member: string): Promise<void> {
  for (let isEnd = false; !isEnd;)
    isEnd = await db.transaction(async (query) => {
      await lockMember(query, member);
      const vaults = await vaultsOf(query, member);
      const lines = vaults.length === 0 ? [] : await awayIn(query, vaults);
      for (const { id, vault, sizeBytes } of lines)
        if ((await takeOut(query, { member, vault, id })) === undefined)
          await leave(query, { member, vault, id, sizeBytes, nowMs: clock.now() });
      if (lines.length < BATCH) await endReturn(query, member, dayOf(clock.now()));
      return lines.length < BATCH;
    });
}

async function awayIn(
  query: Query,
  vaults: readonly string[],
): Promise<readonly { id: string; vault: string; sizeBytes: number }[]> {
  return query
    .selectFrom("trash")
    .select(["id", "vault", "sizeBytes"])
    .where("vault", "in", vaults)
    .where("keptUntil", ">", 0)
    .limit(BATCH)
    .execute();
}

/** Its name was taken meanwhile: it lies in the trash as if somebody had removed it just now. */
async function leave(
  query: Query,
  line: { member: string; vault: string; id: string; sizeBytes: number; nowMs: number },
): Promise<void> {
  const { member, vault, id, sizeBytes, nowMs } = line;
  const { numUpdatedRows } = await query
    .updateTable("trash")
    .set({ keptUntil: 0, removedMs: nowMs })
    .where("id", "=", id)
    .where("keptUntil", ">", 0)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await countRoom(query, { member, vault }, { trashedBytes: sizeBytes });
}

/** Some of what was put away and whose days are over goes for good, and is counted. False where there is none. */
export async function endSome(
  { db, clock }: Server,
  { member, day }: { readonly member: string; readonly day: number },
): Promise<boolean> {
  return db.transaction(async (query) => {
    await lockMember(query, member);
    const lapse = await query
      .selectFrom("lapse")
      .select("state")
      .where("member", "=", member)
      .executeTakeFirst();
    const vaults = lapse?.state === "removing" ? await vaultsOf(query, member) : [];
    if (vaults.length === 0) return false;
    const lines = await query
      .selectFrom("trash")
      .select(["id", "blob", "sizeBytes"])
      .where("vault", "in", vaults)
      .where("keptUntil", ">", 0)
      .where("keptUntil", "<=", day)
      .limit(BATCH)
      .execute();
    for (const { id, blob } of lines) {
      await query.deleteFrom("trash").where("id", "=", id).execute();
      if (blob !== "") await buryBlob(query, blob, clock.now());
    }
    const bytes = lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await query
      .updateTable("lapse")
      .set((row) => ({ objects: row("objects", "+", lines.length), bytes: row("bytes", "+", bytes) }))
      .where("member", "=", member)
      .execute();
    return lines.length === BATCH;
  });
}
