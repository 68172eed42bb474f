import { KeepsakeError } from "@keepsake/core/base";
import { cellOfId, idIn } from "../cells/tags.ts";
import type { Query } from "../db/index.ts";
import { note } from "../members/events.ts";
import { openSession, type DeviceClaim, type Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import type { EnrolmentTable } from "./tables.ts";

/*
 * A mailbox in which a new device and an old one find each other. The server passes on what they say and understands
 * none of it; it gives a session to the key that opened the mailbox once a device of the member says so.
 */

/** How long the code that the new device shows is good. */
const CLAIM_MS = 120_000;
/** How long the two have once they have found each other: words may have to be typed. */
const TALK_MS = 10 * 60_000;
const MOST_OPEN = 10_000;

/** Opens a mailbox for a new device. Throws `request.too-many`. */
export async function openMailbox(
  { db, clock, cell }: Server,
  device: DeviceClaim,
): Promise<{ readonly box: string; readonly untilMs: number }> {
  const [nowMs, id] = [clock.now(), idIn(cell)];
  const untilMs = nowMs + CLAIM_MS;
  await db.transaction(async (query) => {
    await query.deleteFrom("enrolment").where("untilMs", "<", nowMs).execute();
    const { count } = await query
      .selectFrom("enrolment")
      .select((row) => row.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    if (Number(count) >= MOST_OPEN)
      throw new KeepsakeError("request.too-many", { retry: "later", details: { waitMs: CLAIM_MS } });
    const empty = { member: "", session: "", hello: "", reveal: "", package: "", movedTo: null };
    const { key: deviceKey, platform } = device;
    await query
      .insertInto("enrolment")
      .values({ id, untilMs, deviceKey, platform, ...empty })
      .execute();
  });
  return { box: id, untilMs };
}

/** The mailbox as it is. Throws `enrol.gone`. */
export async function findMailbox({ db, clock }: Server, box: string): Promise<EnrolmentTable> {
  const row = await db.query.selectFrom("enrolment").selectAll().where("id", "=", box).executeTakeFirst();
  if (row === undefined || row.untilMs < clock.now()) throw new KeepsakeError("enrol.gone");
  return row;
}

/** The mailbox for the device that came to it with `hello`. Throws `enrol.gone`. */
export async function requireMailbox(server: Server, session: Session, box: string): Promise<EnrolmentTable> {
  const row = await findMailbox(server, box);
  if (row.session !== session.id) throw new KeepsakeError("enrol.gone");
  return row;
}

/** An old device comes to the mailbox: the first one has it, and no other. Throws `enrol.gone`, `enrol.taken`. */
export async function sayHello(
  server: Server,
  { id: session, member }: Session,
  { box, hello }: { readonly box: string; readonly hello: string },
): Promise<void> {
  await bringHere(server, box);
  if ((await findMailbox(server, box)).movedTo !== null) throw new KeepsakeError("enrol.taken");
  const untilMs = server.clock.now() + TALK_MS;
  const change = { member, session, hello, untilMs };
  if (!(await changeWhere(server.db.query, { box, empty: "hello" }, change)))
    throw new KeepsakeError("enrol.taken");
}

/** What a cell is given of a mailbox to which one of its devices came. */
type HandedOver = Pick<EnrolmentTable, "deviceKey" | "platform">;

/**
 * Hands a mailbox to which nobody came over to another cell, once: what that one has ended is not begun again. Throws
 * `enrol.gone`, `enrol.taken`.
 */
export async function handOver(
  server: Server,
  { box, to }: { readonly box: string; readonly to: number },
): Promise<HandedOver> {
  const { movedTo } = await findMailbox(server, box);
  if (movedTo === to) throw new KeepsakeError("enrol.gone");
  // So long the new device may come here, and is sent there.
  const untilMs = server.clock.now() + CLAIM_MS + TALK_MS;
  const row = await server.db.query
    .updateTable("enrolment")
    .set({ movedTo: to, untilMs })
    .where("id", "=", box)
    .where("hello", "=", "")
    .where("movedTo", "is", null)
    .returning(["deviceKey", "platform"])
    .executeTakeFirst();
  if (row === undefined) throw new KeepsakeError("enrol.taken");
  return row;
}

/** Takes a mailbox from the cell in which it lies, unless it is here. Throws `enrol.gone`, `enrol.taken`. */
async function bringHere({ db, cells, clock }: Server, box: string): Promise<void> {
  const cell = cellOfId(box);
  if (!cells.isOther(cell)) return;
  const here = await db.query.selectFrom("enrolment").select("id").where("id", "=", box).executeTakeFirst();
  if (here !== undefined) return;
  const given = (await cells.ask(cell, `enrolments/${box}`, {})) as HandedOver;
  const empty = { member: "", session: "", hello: "", reveal: "", package: "", movedTo: null };
  await db.query
    .insertInto("enrolment")
    .values({ id: box, untilMs: clock.now() + CLAIM_MS, ...given, ...empty })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** The new device answers, once. Throws `enrol.taken`. */
export async function sayReveal({ db }: Server, { id: box }: EnrolmentTable, reveal: string): Promise<void> {
  if (!(await changeWhere(db.query, { box, empty: "reveal" }, { reveal })))
    throw new KeepsakeError("enrol.taken");
}

/** The old device lets the new one in, and leaves a package for it. All devices hear of it. */
export async function approve(
  server: Server,
  session: Session,
  given: { readonly box: string; readonly package: string },
): Promise<void> {
  const { id: box } = await requireMailbox(server, session, given.box);
  const nowMs = server.clock.now();
  await server.db.transaction(async (query) => {
    if (!(await changeWhere(query, { box, empty: "package" }, { package: given.package })))
      throw new KeepsakeError("enrol.taken");
    await note(query, nowMs, { member: session.member, kind: "enrol-approved", session: session.id });
  });
}

/** The new device takes its package and a session; then the mailbox is gone. Throws `enrol.gone`. */
export async function collect(
  { db, clock, cell }: Server,
  { id: box }: EnrolmentTable,
): Promise<{ member: string; session: string; token: string; fullFromMs: number; package: string }> {
  const nowMs = clock.now();
  return db.transaction(async (query) => {
    const row = await query
      .deleteFrom("enrolment")
      .where("id", "=", box)
      .where("package", "!=", "")
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new KeepsakeError("enrol.gone");
    // The device that let it in may have been logged out meanwhile.
    const approver = await query
      .selectFrom("session")
      .select(["id", "fullFromMs"])
      .where("id", "=", row.session)
      .executeTakeFirst();
    if (approver === undefined) throw new KeepsakeError("enrol.gone");
    const { member, deviceKey: key, platform } = row;
    const opened = await openSession(
      query,
      { cell, nowMs },
      { member, device: { key, platform }, way: "enrolled" },
    );
    await note(query, nowMs, { member, kind: "enrolled", session: opened.id });
    return { member, session: opened.id, token: opened.token, fullFromMs: 0, package: row.package };
  });
}

/** Gives a mailbox up: whoever shows its code is not let in. */
export async function closeMailbox(server: Server, session: Session, box: string): Promise<void> {
  const { id } = await requireMailbox(server, session, box);
  await server.db.query.deleteFrom("enrolment").where("id", "=", id).execute();
}

/** Changes a mailbox in which something was not said yet; false if it was. */
async function changeWhere(
  query: Query,
  { box, empty }: { readonly box: string; readonly empty: "hello" | "reveal" | "package" },
  change: Partial<EnrolmentTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable("enrolment")
    .set(change)
    .where("id", "=", box)
    .where(empty, "=", "")
    .where("movedTo", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
