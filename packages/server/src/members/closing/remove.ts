import { eachBounded, throwIfAborted } from "@keepsake/core/base";
import { deletionText, type DeletionReceipt } from "@keepsake/core/protocol";
import { giveUp } from "../../cells/reconcile.ts";
import type { Query } from "../../db/index.ts";
import { removeRecord, signTicket } from "../../guards/index.ts";
import { indexOf } from "../../keys/sealed.ts";
import { sendLast } from "../../notices/queue.ts";
import { leaveHelp } from "../../recovery/afar.ts";
import { endHelp } from "../../recovery/family.ts";
import type { Server } from "../../server.ts";
import { receiptKey, signText } from "../../vaults/receipts.ts";
import { holdBlobs } from "../../vaults/ownership.ts";
import { buryBlob } from "../../vaults/sweep.ts";

/*
 * What a membership held goes batch by batch, and what went is counted in the transaction that takes it away: a process
 * that ends in the middle is followed by another. The row of the member goes last, and with it whatever hangs on it.
 */

const BATCH = 500;
const AT_ONCE = 8;
const TICKET_MS = 60_000;

/** Removes all memberships whose wait is over; none where the blobs are not those of this database. */
export async function removeClosed(server: Server, signal?: AbortSignal): Promise<number> {
  const rows = await server.db.query
    .selectFrom("closing")
    .select("member")
    .where("state", "=", "removing")
    .execute();
  let removed = 0;
  for (const { member } of rows) {
    // What an older copy of a database says may have been taken back since.
    if (!(await holdBlobs(server))) {
      server.log({ event: "not-our-objects" });
      break;
    }
    if (await removeMember(server, member, signal)) removed++;
  }
  return removed;
}

/** False where another process was the one that ended it. */
async function removeMember(
  server: Server,
  member: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { db } = server;
  const vaults = await db.query.selectFrom("vault").select("id").where("member", "=", member).execute();
  await forgetGuarded(server, member);
  for (const { id } of vaults) {
    for (const table of ["object", "trash"] as const)
      while (await removeBatch(server, { table, vault: id, member })) throwIfAborted(signal);
    await db.transaction((query) => removeVault(query, { vault: id, member, nowMs: server.clock.now() }));
    throwIfAborted(signal);
  }
  while (await removeEvents(server, member)) throwIfAborted(signal);
  if (!(await leaveHelp(server, member))) return false;
  const names = await db.query
    .selectFrom("memberName")
    .select("nameIndex")
    .where("member", "=", member)
    .execute();
  const isRemoved = await db.transaction((query) => removeLast(query, server, member));
  if (isRemoved)
    await giveUp(
      server,
      names.map(({ nameIndex }) => nameIndex),
    );
  return isRemoved;
}

interface Batch {
  readonly table: "object" | "trash";
  readonly vault: string;
  readonly member: string;
}

/** Some objects: their bytes first, so that nothing is said to be gone that is there. False where none is left. */
async function removeBatch({ db, blobs }: Server, { table, vault, member }: Batch): Promise<boolean> {
  const rows = await db.query
    .selectFrom(table)
    .select(["name", "blob", "sizeBytes"])
    .where("vault", "=", vault)
    .orderBy("name")
    .limit(BATCH)
    .execute();
  if (rows.length === 0) return false;
  const outside = rows.filter(({ blob }) => blob !== "");
  await eachBounded(outside, AT_ONCE, ({ blob }) => blobs.remove(blob));
  const rowBlobs = rows.map(({ blob }) => blob);
  const names = [...new Set(rows.map(({ name }) => name))];
  await db.transaction(async (query) => {
    const gone = await query
      .deleteFrom(table)
      .where("vault", "=", vault)
      .where("name", "in", names)
      .where("blob", "in", rowBlobs)
      .returning("sizeBytes")
      .execute();
    const bytes = gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await query
      .updateTable("closing")
      .set((row) => ({ objects: row("objects", "+", gone.length), bytes: row("bytes", "+", bytes) }))
      .where("member", "=", member)
      .execute();
  });
  return true;
}

/** An empty vault, its receipts, and uploads that never ended. */
async function removeVault(
  query: Query,
  { vault, member, nowMs }: { readonly vault: string; readonly member: string; readonly nowMs: number },
): Promise<void> {
  const uploads = await query.selectFrom("upload").select("id").where("vault", "=", vault).execute();
  for (const { id } of uploads) await buryBlob(query, id, nowMs);
  const { numDeletedRows } = await query.deleteFrom("vault").where("id", "=", vault).executeTakeFirst();
  if (numDeletedRows === 0n) return;
  await query
    .updateTable("closing")
    .set((row) => ({ vaults: row("vaults", "+", 1) }))
    .where("member", "=", member)
    .execute();
}

async function removeEvents({ db }: Server, member: string): Promise<boolean> {
  const rows = await db.query
    .selectFrom("memberEvent")
    .select("number")
    .where("member", "=", member)
    .orderBy("number")
    .limit(BATCH)
    .execute();
  const last = rows.at(-1)?.number;
  if (last === undefined) return false;
  await db.query.deleteFrom("memberEvent").where("member", "=", member).where("number", "<=", last).execute();
  return true;
}

/** Halves of guarded passwords, where this server is a guard itself. */
async function forgetGuarded({ db, guard, secrets, clock }: Server, member: string): Promise<void> {
  if (guard === undefined) return;
  const owner = indexOf(secrets, "guard-owner", member);
  const rows = await db.query
    .selectFrom("guardRecord")
    .select("id")
    .where("issuer", "=", receiptKey(secrets))
    .where("owner", "=", owner)
    .execute();
  for (const { id: record } of rows) {
    const untilMs = clock.now() + TICKET_MS;
    await removeRecord(guard, { ticket: signTicket(secrets, { owner, purpose: "remove", record, untilMs }) });
  }
}

/** The member itself. Contacts are sent the receipt as the last that they hear. */
async function removeLast(query: Query, server: Server, member: string): Promise<boolean> {
  const receipt = await makeReceipt(query, server, member);
  if (receipt === undefined) return false;
  const nowMs = receipt.endedMs;
  await query.insertInto("deletion").values(receipt).execute();
  await endHelp(query, nowMs, { helper: member });
  await query.deleteFrom("notice").where("member", "=", member).execute();
  await query.deleteFrom("code").where("subject", "=", member).execute();
  await sendLast(query, server, { member, text: JSON.stringify(receipt, undefined, 2), nowMs });
  await query.deleteFrom("member").where("id", "=", member).execute();
  return true;
}

async function makeReceipt(
  query: Query,
  server: Server,
  member: string,
): Promise<DeletionReceipt | undefined> {
  const row = await query
    .selectFrom("closing")
    .innerJoin("member", "member.id", "closing.member")
    .select(["receipt", "vaults", "objects", "bytes", "events", "eventHash", "beganMs"])
    .where("member.id", "=", member)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { clock, config, secrets } = server;
  const unsigned = { ...row, member, endedMs: clock.now(), backupDays: config.backupDays };
  return { ...unsigned, signature: signText(secrets, deletionText(unsigned)) };
}

/** The receipt of a membership that is gone; undefined while there is none of that name. */
export function deletionOf({ db }: Server, receipt: string): Promise<DeletionReceipt | undefined> {
  return db.query.selectFrom("deletion").selectAll().where("receipt", "=", receipt).executeTakeFirst();
}
