import type { Query } from "../db/index.ts";
import type { Server } from "../server.ts";
import { serverDay } from "./server-days.ts";

/** A member's reading is taken down this often at most. */
const STEP_MS = 60 * 60_000;
const MOST_KNOWN = 20_000;
const noted = new WeakMap<Server["db"], Map<string, number>>();

/** Takes down that a member reads objects: who may be restoring loses nothing meanwhile. Asks the database seldom. */
export async function noteRead({ db }: Pick<Server, "db">, member: string): Promise<void> {
  const known = noted.get(db) ?? new Map<string, number>();
  noted.set(db, known);
  const lastMs = known.get(member);
  const nowMs = performance.now();
  if (lastMs !== undefined && nowMs - lastMs < STEP_MS) return;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(member, nowMs);
  await markRead(db.query, member);
}

/** Nothing where the member's paid time is not over. */
export async function markRead(query: Query, member: string): Promise<void> {
  await query
    .updateTable("lapse")
    .set({ readDay: await serverDay(query) })
    .where("member", "=", member)
    .where("dueDay", "is not", null)
    .execute();
}
