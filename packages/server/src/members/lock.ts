import type { Query } from "../db/index.ts";

/** Writes the member's row first, so that what counts its things before it adds one waits for the others. */
export async function lockMember(query: Query, member: string): Promise<void> {
  await query.updateTable("member").set({ id: member }).where("id", "=", member).execute();
}
