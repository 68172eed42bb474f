import { createHash, createPublicKey, verify } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { operatorText, type OperatorEntry } from "@keepsake/core/protocol";
import type { Query } from "../db/index.ts";
import { enqueue, type Job } from "../jobs/index.ts";
import type { Server } from "../server.ts";
import { receiptKey, signText } from "../vaults/receipts.ts";

/*
 * What the operator does, apart from the logs of members: who, when, what, by ids alone. Each entry is signed and has
 * the hash of the one before, so that none can be left out or changed unnoticed, not even by who has the database.
 */

/** What an operator can do that members should be able to ask about. */
type OperatorAction =
  | "invited"
  | "quota-set"
  | "held"
  | "hold-ended"
  | "closing-begun"
  | "closing-cancelled"
  | "member-exported"
  | "codes-made"
  | "payment-seen"
  | "bill-issued"
  | LaterAction;

/** What is done where the server's secrets are not at hand. */
type LaterAction = "backed-up" | "restored" | "moved" | "day-keys-renewed" | "tables-up" | "tables-down";

/** Who acts as the operator: a device that is logged in, or the command line on the server's own machine. */
export interface By {
  /** The session's id; empty for the command line. */
  readonly id: string;
  /** Its member; empty for the command line. */
  readonly member: string;
}

export const commandLine: By = { id: "", member: "" };

interface NewEntry {
  readonly kind: OperatorAction;
  readonly by: By;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** Adds an entry, in the transaction of what it tells of. */
export async function record(
  query: Query,
  { secrets, clock }: Pick<Server, "secrets" | "clock">,
  { kind, by, details = {} }: NewEntry,
): Promise<void> {
  // The row of the end is written first by all: entries follow each other.
  const end = await query
    .insertInto("operatorEnd")
    .values({ id: 1, entries: 1, hash: "" })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({ entries: row("operatorEnd.entries", "+", 1) })),
    )
    .returning(["entries", "hash"])
    .executeTakeFirstOrThrow();
  const who = by.id === "" ? "command-line" : by.id;
  const entry = {
    number: end.entries,
    atMs: clock.now(),
    kind,
    who,
    details: JSON.stringify(details),
    before: end.hash,
  };
  const text = operatorText(entry);
  await query
    .insertInto("operatorEvent")
    .values({ ...entry, signature: signText(secrets, text) })
    .execute();
  await query
    .updateTable("operatorEnd")
    .set({ hash: hashOf(text) })
    .where("id", "=", 1)
    .execute();
}

/** The kind of the jobs that record what was done where the server's secrets were not at hand. */
export const RECORD_JOB = "operator-event";

/** Has a verb of the command line recorded by the next server that starts on the database. */
export async function recordLater(
  query: Query,
  kind: LaterAction,
  { nowMs, details }: { readonly nowMs: number; readonly details: NewEntry["details"] },
): Promise<void> {
  await enqueue(query, { kind: RECORD_JOB, payload: { kind, details }, dueAtMs: nowMs });
}

/** Records what was left to be recorded. */
export async function recordLeft(
  server: Server,
  { id, payload }: Pick<Job, "id" | "payload">,
): Promise<void> {
  const { kind, details } = payload as Pick<NewEntry, "kind" | "details">;
  await server.db.transaction(async (query) => {
    // It is recorded once, however often the job is begun.
    const { numInsertedOrUpdatedRows = 0n } = await query
      .insertInto("spentTicket")
      .values({ id, untilMs: server.clock.now() + KEPT_MS })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows > 0n)
      await record(query, server, { kind, by: commandLine, ...(details && { details }) });
  });
}

const KEPT_MS = 24 * 60 * 60_000;
const BATCH = 500;

/** Entries after a number, the oldest first. */
export function entriesAfter(
  { db }: Pick<Server, "db">,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly OperatorEntry[]> {
  return db.query
    .selectFrom("operatorEvent")
    .selectAll()
    .where("number", ">", after)
    .orderBy("number")
    .limit(limit)
    .execute();
}

/**
 * All entries, each checked against the one before and against the server's key, and the last against where the log
 * ends. Throws `server.bad-log` with the number of the first that is wrong or not there.
 */
export async function* checkedEntries(server: Pick<Server, "db" | "secrets">): AsyncGenerator<OperatorEntry> {
  const x = Buffer.from(receiptKey(server.secrets), "hex").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  let [number, hash] = [0, ""];
  for (let isEnd = false; !isEnd;) {
    const entries = await entriesAfter(server, { after: number, limit: BATCH });
    for (const entry of entries) {
      const text = operatorText(entry);
      const isSigned = verify(undefined, Buffer.from(text), key, Buffer.from(entry.signature, "base64url"));
      if (entry.number !== number + 1 || entry.before !== hash || !isSigned) throw badLog(number + 1);
      [number, hash] = [entry.number, hashOf(text)];
      yield entry;
    }
    isEnd = entries.length < BATCH;
  }
  const end = await server.db.query.selectFrom("operatorEnd").selectAll().executeTakeFirst();
  if ((end?.entries ?? 0) !== number || (end?.hash ?? "") !== hash) throw badLog(number + 1);
}

function badLog(number: number): KeepsakeError {
  return new KeepsakeError("server.bad-log", { details: { number } });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
