import { KeepsakeError } from "@keepsake/core/base";
import { cellOfId } from "../cells/tags.ts";
import type { Query } from "../db/index.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import {
  keepShare,
  listShares,
  ownFamilyKey,
  startWait,
  takeShares,
  type FamilyKey,
  type NewShare,
  type ShareLine,
} from "./family.ts";
import type { FamilyHelpTable } from "./tables.ts";

/*
 * A family slot lies in the cell of its owner, and its helper may be a member of another one. That one keeps no more
 * than where the slot is: it asks there, for a helper whose session it has checked.
 */

/** A slot that its cell does not know is forgotten after this: before, it may be being made. */
const MAKING_MS = 10 * 60_000;
/** Slots that are asked about at once. */
const BATCH = 500;

/** The key of a member who may help, wherever. Throws `family.no-helper`, `server.cell-away`. */
export async function familyKeyOf(server: Server, member: string): Promise<FamilyKey> {
  const cell = cellOfId(member);
  if (!server.cells.isOther(cell)) return ownFamilyKey(server, member);
  return (await server.cells.ask(cell, `family-keys/${member}`)) as FamilyKey;
}

/**
 * Makes a family slot with a helper, wherever. The helper's cell hears of it first: what it then does not find here, it
 * forgets. Throws `family.no-helper`, `server.taken`, `server.cell-away`.
 */
export async function makeShare(server: Server, session: Session, given: NewShare): Promise<void> {
  const { share, helper } = given;
  await familyKeyOf(server, helper);
  if (helper === session.member) throw new KeepsakeError("family.no-helper");
  const cell = cellOfId(helper);
  if (server.cells.isOther(cell)) await server.cells.ask(cell, "family-help", { share, helper });
  await keepShare(server, session, given);
}

/** Takes down that a member of this cell may help with a slot of another's. */
export async function noteHelp(
  { db, clock }: Server,
  help: Pick<FamilyHelpTable, "share" | "helper" | "cell">,
): Promise<void> {
  await db.query
    .insertInto("familyHelp")
    .values({ ...help, atMs: clock.now() })
    .onConflict((conflict) => conflict.columns(["helper", "share"]).doNothing())
    .execute();
}

/** The family slots that a member has, and those in which it may help, wherever they lie. Throws `server.cell-away`. */
export async function allShares(server: Server, { member }: Session): Promise<readonly ShareLine[]> {
  const own = await listShares(server, member);
  const afar = await helpOf(server.db.query, member);
  const lines = [...own];
  for (const cell of new Set(afar.map((each) => each.cell))) {
    const there = afar.filter((each) => each.cell === cell);
    for (let start = 0; start < there.length; start += BATCH)
      lines.push(
        ...(await linesFrom(server, { cell, helper: member, help: there.slice(start, start + BATCH) })),
      );
  }
  return lines;
}

/** Slots of another cell as that one tells them; those that it does not know are forgotten here. */
async function linesFrom(
  server: Server,
  { cell, helper, help }: { cell: number; helper: string; help: readonly FamilyHelpTable[] },
): Promise<readonly ShareLine[]> {
  const { cells, clock, db } = server;
  const given = { helper, shares: help.map(({ share }) => share) };
  const { shares } = cells.isOther(cell)
    ? ((await cells.ask(cell, "family-shares", given)) as { readonly shares: readonly ShareLine[] })
    : { shares: [] };
  const known = new Set(shares.map(({ id }) => id));
  const oldestMs = clock.now() - MAKING_MS;
  for (const { share, atMs } of help)
    if (!known.has(share) && atMs < oldestMs) await forgetHelp(db.query, helper, share);
  return shares;
}

/** The helper begins the wait, wherever the slot lies. Throws `family.unknown`, `server.cell-away`. */
export async function startAnyWait(server: Server, { member }: Session, share: string): Promise<void> {
  const cell = await cellOfHelp(server, member, share);
  if (cell === undefined) await startWait(server, member, share);
  else await server.cells.ask(cell, `family-shares/${share}/start`, { helper: member });
}

/** The helper takes both shares, wherever the slot lies. Throws `family.unknown`, `family.waiting`, `server.cell-away`. */
export async function takeAnyShares(
  server: Server,
  { member }: Session,
  share: string,
): Promise<{ readonly box: string; readonly delayed: string }> {
  const cell = await cellOfHelp(server, member, share);
  if (cell === undefined) return takeShares(server, member, share);
  const given = await server.cells.ask(cell, `family-shares/${share}/release`, { helper: member });
  return given as { readonly box: string; readonly delayed: string };
}

/** Says to other cells that a helper is gone. False where one of them is away: then it has to be said later. */
export async function leaveHelp({ db, cells, log }: Server, helper: string): Promise<boolean> {
  for (const { share, cell } of await helpOf(db.query, helper)) {
    try {
      if (cells.isOther(cell)) await cells.ask(cell, `family-shares/${share}/gone`, { helper });
    } catch (error) {
      if (!KeepsakeError.is(error, "server.cell-away")) throw error;
      log({ event: "closing-waits", cell });
      return false;
    }
    await forgetHelp(db.query, helper, share);
  }
  return true;
}

/** The other cell in which a slot lies that a member may help with; undefined where it is this one's, or nobody's. */
async function cellOfHelp({ db, cells }: Server, helper: string, share: string): Promise<number | undefined> {
  const help = (await helpOf(db.query, helper, share))[0];
  return cells.isOther(help?.cell) ? help?.cell : undefined;
}

function helpOf(query: Query, helper: string, share?: string): Promise<readonly FamilyHelpTable[]> {
  return query
    .selectFrom("familyHelp")
    .selectAll()
    .where("helper", "=", helper)
    .$if(share !== undefined, (one) => one.where("share", "=", share!))
    .orderBy("share")
    .execute();
}

async function forgetHelp(query: Query, helper: string, share: string): Promise<void> {
  await query.deleteFrom("familyHelp").where("helper", "=", helper).where("share", "=", share).execute();
}
