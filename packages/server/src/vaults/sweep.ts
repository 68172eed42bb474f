import { KeepsakeError, throwIfAborted } from "@keepsake/core/base";
import { dayOf } from "@keepsake/core/protocol";
import type { Query } from "../db/index.ts";
import { sweepWeeks } from "../levels/turn.ts";
import { sweepSessions } from "../members/sessions.ts";
import { sweepNotices } from "../notices/queue.ts";
import type { Server } from "../server.ts";
import { holdBlobs } from "./ownership.ts";
import { dropToken, keepMsOf, sweepTokens } from "./key-tokens.ts";
import { countRoom } from "./room.ts";
import { UPLOAD_MS } from "./uploads.ts";

/*
 * What is left over goes in two steps: a row says that a blob is dead, in the transaction that takes its last owner
 * away; a later sweep removes the blob, then the row. A crash in between leaves a row, never a blob that nobody knows.
 */

const DAY_MS = 24 * 60 * 60_000;
const BATCH = 500;
/** Weeks that were paid for are forgotten after so long. */
const PAST_DAYS = 30;
/** A slow request may still land after its upload was given up. */
const DEAD_MS = UPLOAD_MS;

/** Everything that is past its time: uploads, what lies in the trash, tickets, dead blobs. Memory stays bounded. */
export async function sweep(server: Server, signal?: AbortSignal): Promise<Readonly<Record<string, number>>> {
  const { db, clock, config, log } = server;
  const nowMs = clock.now();
  const swept = {
    uploads: 0,
    trash: 0,
    tickets: 0,
    tokens: 0,
    sessions: 0,
    notices: 0,
    weeks: 0,
    blobs: 0,
  };
  const all = async (step: () => Promise<number>): Promise<number> => {
    for (let sum = 0; ;) {
      throwIfAborted(signal);
      const count = await step();
      sum += count;
      if (count < BATCH) return sum;
    }
  };
  swept.uploads = await all(() => sweepUploads(server, nowMs));
  if (await isTimeSure(server, nowMs)) {
    swept.trash = await all(() =>
      sweepTrash(server, {
        nowMs,
        before: nowMs - config.trashDays * DAY_MS,
        keysBefore: nowMs - Math.max(config.trashDays, config.backupDays) * DAY_MS,
      }),
    );
    swept.tokens = await sweepTokens(server, nowMs);
    swept.sessions = await all(() => sweepSessions(server, { nowMs, limit: BATCH }));
    swept.notices = await all(() => sweepNotices(server, { nowMs, limit: BATCH }));
    const past = { beforeDay: dayOf(nowMs) - PAST_DAYS, limit: BATCH };
    swept.weeks = await all(() => sweepWeeks(server, past));
  }
  if (await holdBlobs(server)) swept.blobs = await all(() => sweepBlobs(server, nowMs));
  else log({ event: "not-our-objects" });
  const tickets = await db.query.deleteFrom("spentTicket").where("untilMs", "<", nowMs).executeTakeFirst();
  swept.tickets = Number(tickets.numDeletedRows);
  await db.query.deleteFrom("invitation").where("untilMs", "<", nowMs).execute();
  return swept;
}

/** Longer between two sweeps is a stop, or a clock that was moved. */
const MOST_GAP_MS = DAY_MS;
const FACT = "trash-clock";

/**
 * Whether what somebody could still want back may go by the clock. After a gap between sweeps, or a step back, the whole
 * of the trash's days is waited again: a clock that jumps forward, by mistake or malice, empties nothing.
 */
async function isTimeSure({ db, config }: Server, nowMs: number): Promise<boolean> {
  const fact = await db.query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
  const [lastMs, sureMs] = fact === undefined ? [nowMs, 0] : (JSON.parse(fact.value) as [number, number]);
  const isJump = nowMs < lastMs || nowMs - lastMs > MOST_GAP_MS;
  const next = isJump ? nowMs + keepMsOf(config) : sureMs;
  const value = JSON.stringify([nowMs, next]);
  await db.query
    .insertInto("fact")
    .values({ name: FACT, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
  return nowMs >= next;
}

async function sweepUploads({ db }: Server, nowMs: number): Promise<number> {
  return db.transaction(async (query) => {
    const late = await query
      .selectFrom("upload")
      .select(["id", "member", "vault", "sizeBytes"])
      .where("untilMs", "<", nowMs)
      .orderBy("untilMs")
      .limit(BATCH)
      .execute();
    for (const { id, sizeBytes, ...owner } of late) {
      const { numDeletedRows } = await query.deleteFrom("upload").where("id", "=", id).executeTakeFirst();
      if (numDeletedRows === 0n) continue;
      await buryBlob(query, id, nowMs);
      await countRoom(query, owner, { reservedBytes: -sizeBytes });
    }
    return late.length;
  });
}

async function sweepTrash(
  { db }: Server,
  { nowMs, before, keysBefore }: { nowMs: number; before: number; keysBefore: number },
): Promise<number> {
  return db.transaction(async (query) => {
    const old = await query
      .selectFrom("trash")
      .innerJoin("vault", "vault.id", "trash.vault")
      .select(["trash.id", "vault", "name", "member", "blob", "sizeBytes"])
      .where("removedMs", "<", before)
      // What a lapse put away has days of its own.
      .where("keptUntil", "=", 0)
      // A database that is brought back from a backup still finds the key directories that its heads name.
      .where((row) =>
        row.or([
          row("removedMs", "<", keysBefore),
          row.not(
            row.exists(
              row
                .selectFrom("keyToken")
                .select("keyToken.name")
                .whereRef("keyToken.vault", "=", "trash.vault")
                .whereRef("keyToken.name", "=", "trash.name")
                .whereRef("keyToken.trash", "=", "trash.id"),
            ),
          ),
        ]),
      )
      .orderBy("removedMs")
      .limit(BATCH)
      .execute();
    for (const { id, member, vault, name, blob, sizeBytes } of old) {
      const { numDeletedRows } = await query.deleteFrom("trash").where("id", "=", id).executeTakeFirst();
      if (numDeletedRows === 0n) continue;
      if (blob !== "") await buryBlob(query, blob, nowMs);
      await dropToken(query, { vault, name }, id);
      await countRoom(query, { member, vault }, { trashedBytes: -sizeBytes });
    }
    return old.length;
  });
}

/** Takes down that a blob is dead: it goes with a later sweep. */
export async function buryBlob(query: Query, blob: string, sinceMs: number): Promise<void> {
  await query
    .insertInto("deadBlob")
    .values({ blob, sinceMs })
    .onConflict((conflict) => conflict.column("blob").doNothing())
    .execute();
}

async function sweepBlobs({ db, blobs }: Server, nowMs: number): Promise<number> {
  const dead = await db.query
    .selectFrom("deadBlob")
    .select("blob")
    .where("sinceMs", "<", nowMs - DEAD_MS)
    .orderBy("sinceMs")
    .limit(BATCH)
    .execute();
  for (const { blob } of dead) {
    try {
      // A blob that somebody still names is kept, whatever said that it is dead.
      if (!(await isNamed({ db }, blob))) await blobs.remove(blob);
      await db.query.deleteFrom("deadBlob").where("blob", "=", blob).execute();
    } catch (error) {
      if (!KeepsakeError.is(error) || error.retry !== "never") throw error;
      // One that cannot be removed now does not hold up the others.
      await db.query.updateTable("deadBlob").set({ sinceMs: nowMs }).where("blob", "=", blob).execute();
    }
  }
  return dead.length;
}

/** Whether a row names the blob, by one statement: one that goes from one table to another meanwhile is seen. */
export async function isNamed({ db }: Pick<Server, "db">, blob: string): Promise<boolean> {
  const found = await db.query
    .selectFrom("object")
    .select("blob as id")
    .where("blob", "=", blob)
    .unionAll((query) => query.selectFrom("trash").select("blob as id").where("blob", "=", blob))
    .unionAll((query) => query.selectFrom("upload").select("id").where("id", "=", blob))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
