import { KeepsakeError } from "@keepsake/core/base";
import type { Query } from "../db/index.ts";
import { enqueue, type Job } from "../jobs/index.ts";
import { randomId } from "../keys/ids.ts";
import { seal, unseal } from "../keys/sealed.ts";
import type { Server } from "../server.ts";
import { isTold, messageOf } from "./catalogue.ts";
import { requireChannel } from "./channels.ts";
import type { ContactKind } from "./channel.ts";
import type { NoticeTable } from "./tables.ts";

/** The kind of the jobs that send. */
export const NOTICE_JOB = "notice";
const MOST_TRIES = 8;

/** Tells all contacts of a member of an event, as a part of the transaction that notes it. */
export async function tellContacts(
  query: Query,
  { member, event, kind, nowMs }: { member: string; event: number; kind: string; nowMs: number },
): Promise<void> {
  if (!isTold(kind) || (await wasToldEnough(query, { member, kind, nowMs }))) return;
  const contacts = await query
    .selectFrom("contact")
    .select(["kind", "language", "sealed"])
    .where("member", "=", member)
    .execute();
  for (const { kind: channel, language, sealed } of contacts)
    await queue(query, { member, event, message: kind, channel, language, sealed, sealedCode: null }, nowMs);
}

/** Of one kind no more than this is told within an hour: the log has them all, and each mail or SMS costs. */
const MOST_OF_A_KIND = 5;
const HOUR_MS = 60 * 60_000;

async function wasToldEnough(
  query: Query,
  { member, kind, nowMs }: { member: string; kind: string; nowMs: number },
): Promise<boolean> {
  const { events } = await query
    .selectFrom("notice")
    .select((row) => row.fn.count<number>("event").distinct().as("events"))
    .where("member", "=", member)
    .where("message", "=", kind)
    .where("queuedMs", ">", nowMs - HOUR_MS)
    .executeTakeFirstOrThrow();
  return events >= MOST_OF_A_KIND;
}

/** Sends a code to who is at a contact, or tells that it needs none. */
export async function sendCode(
  query: Query,
  { secrets, clock }: Server,
  given: {
    readonly kind: ContactKind;
    readonly language: string;
    readonly sealed: Uint8Array;
    readonly code: string;
    readonly message: string;
  },
): Promise<void> {
  const { kind: channel, language, sealed, code, message } = given;
  const sealedCode = seal(secrets, "notice-code", Buffer.from(code));
  await queue(query, { member: "", event: 0, message, channel, language, sealed, sealedCode }, clock.now());
}

/** Sends every contact of a member the last that it hears: a text with what is sealed until it is sent. */
export async function sendLast(
  query: Query,
  { secrets }: Server,
  { member, text: last, nowMs }: { readonly member: string; readonly text: string; readonly nowMs: number },
): Promise<void> {
  const contacts = await query
    .selectFrom("contact")
    .select(["kind", "language", "sealed"])
    .where("member", "=", member)
    .execute();
  const sealedCode = seal(secrets, "notice-code", Buffer.from(last));
  // It is nobody's by the time it is sent.
  const none = { member: "", event: 0, message: "closed", sealedCode };
  for (const { kind: channel, language, sealed } of contacts)
    await queue(query, { ...none, channel, language, sealed }, nowMs);
}

async function queue(
  query: Query,
  notice: Omit<NoticeTable, "id" | "state" | "queuedMs" | "doneMs" | "lastError">,
  nowMs: number,
): Promise<void> {
  const id = randomId();
  await query
    .insertInto("notice")
    .values({ ...notice, id, state: "queued", queuedMs: nowMs, doneMs: 0, lastError: "" })
    .execute();
  await enqueue(query, { kind: NOTICE_JOB, key: id, payload: { id }, dueAtMs: nowMs });
}

/** Sends one notice. Where it is not taken now, throws, so that the job is done again. */
export async function sendNotice(server: Server, { payload, tries }: Job): Promise<void> {
  const { db } = server;
  const { id } = payload as { readonly id: string };
  const notice = await db.query.selectFrom("notice").selectAll().where("id", "=", id).executeTakeFirst();
  if (notice === undefined || notice.state !== "queued") return;
  try {
    await deliver(server, notice);
    await end(server, id, { state: "sent", lastError: "" });
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    const lastError = String(error.details["why"] ?? error.code);
    if (error.retry === "later" && tries < MOST_TRIES) {
      await db.query.updateTable("notice").set({ lastError }).where("id", "=", id).execute();
      throw error;
    }
    await end(server, id, { state: "failed", lastError });
    server.log({ event: "notice-failed", channel: notice.channel, why: lastError });
  }
}

async function deliver({ secrets, channels }: Server, notice: NoticeTable): Promise<void> {
  const { sealed, sealedCode } = notice;
  const to = sealed === null ? undefined : unseal(secrets, "contact", sealed);
  const code = sealedCode === null ? undefined : unseal(secrets, "notice-code", sealedCode);
  const message = messageOf(notice, text(code), notice.queuedMs);
  // One that is for nobody is queued like any other, so that asking for it takes as long.
  if (message === undefined) return;
  const channel = requireChannel(channels, notice.channel as ContactKind);
  if (to === undefined) throw new KeepsakeError("notice.not-sent", { details: { why: "sealed" } });
  await channel.send(text(to), message);
}

/** What was sent is kept as a record, without where it went. */
async function end(
  { db, clock }: Server,
  id: string,
  outcome: Pick<NoticeTable, "state" | "lastError">,
): Promise<void> {
  await db.query
    .updateTable("notice")
    .set({ ...outcome, doneMs: clock.now(), sealed: null, sealedCode: null })
    .where("id", "=", id)
    .execute();
}

/** How long the record of what was sent is kept. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Records of what was sent, or could not be, long ago; so many at once. */
export async function sweepNotices(
  { db }: Server,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await db.query
    .deleteFrom("notice")
    .where("id", "in", (row) =>
      row
        .selectFrom("notice")
        .select("id")
        .where("doneMs", ">", 0)
        .where("doneMs", "<", nowMs - KEPT_MS)
        .orderBy("doneMs")
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : Buffer.from(bytes).toString();
}
