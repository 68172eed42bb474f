import type { Query } from "../db/index.ts";
import { markRead } from "../levels/reads.ts";
import { note } from "../members/events.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { restoreToken } from "./key-tokens.ts";
import { countRoom } from "./room.ts";

/** An object in the trash: when it was stored, when it was removed, by which session. */
interface TrashLine {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly storedMs: number;
  readonly removedMs: number;
  readonly session: string;
}

/** What lies in the trash of a vault, the newest first, from a line on. */
export async function listTrash(
  { db }: Server,
  {
    vault,
    limit,
    after,
  }: {
    readonly vault: string;
    readonly limit: number;
    readonly after?: { readonly removedMs: number; readonly id: string };
  },
): Promise<readonly TrashLine[]> {
  return db.query
    .selectFrom("trash")
    .select(["id", "name", "sizeBytes", "storedMs", "removedMs", "session"])
    .where("vault", "=", vault)
    .$if(after !== undefined, (query) =>
      query.where((row) =>
        row.or([
          row("removedMs", "<", after!.removedMs),
          row.and([row("removedMs", "=", after!.removedMs), row("id", ">", after!.id)]),
        ]),
      ),
    )
    .orderBy("removedMs", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Takes objects out of the trash again: those whose names are free. Says which came back. */
export async function restoreObjects(
  { db, clock }: Server,
  session: Session,
  { vault, ids }: { readonly vault: string; readonly ids: readonly string[] },
): Promise<readonly string[]> {
  const { member, id: by } = session;
  return db.transaction(async (query) => {
    const restored: string[] = [];
    for (const id of ids) {
      const name = await takeOut(query, { member, vault, id });
      if (name !== undefined) restored.push(name);
    }
    // Somebody who takes things back is there.
    if (restored.length > 0) await markRead(query, member);
    const details = { vault, count: restored.length };
    if (restored.length > 0)
      await note(query, clock.now(), { member, kind: "object-restored", session: by, details });
    return restored;
  });
}

/** Takes one out again; undefined where there is none, or its name is taken. */
export async function takeOut(
  query: Query,
  { member, vault, id }: { readonly member: string; readonly vault: string; readonly id: string },
): Promise<string | undefined> {
  // Taken out first: what the sweep took already cannot come back.
  const row = await query
    .deleteFrom("trash")
    .where("id", "=", id)
    .where("vault", "=", vault)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id: _id, removedMs: _removedMs, session: _session, keptUntil, ...object } = row;
  const { numInsertedOrUpdatedRows = 0n } = await query
    .insertInto("object")
    .values(object)
    .onConflict((conflict) => conflict.columns(["vault", "name"]).doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) {
    await query.insertInto("trash").values(row).execute();
    return undefined;
  }
  await restoreToken(query, row, id);
  const { sizeBytes } = row;
  // What a lapse put away takes no room of the trash.
  const trashedBytes = keptUntil > 0 ? 0 : -sizeBytes;
  await countRoom(query, { member, vault }, { usedBytes: sizeBytes, trashedBytes, objects: 1 });
  return row.name;
}
