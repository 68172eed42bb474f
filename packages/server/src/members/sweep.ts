import type { Server } from "../server.ts";
import { endOldResets } from "./access/reset.ts";

/** What of members is past its time: codes that nobody gave back, resets that nobody took back. */
export async function sweepMembers(server: Server): Promise<void> {
  const { db, clock } = server;
  await endOldResets(server);
  await db.query.deleteFrom("code").where("untilMs", "<", clock.now()).execute();
}
