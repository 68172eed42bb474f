import type { Server } from "../server.ts";
import { sweepTries } from "./access/tries.ts";
import { stepLimits } from "./access/limits.ts";

/** What of members is past its time: codes that nobody gave back, resets that nobody took back, tries long ago. */
export async function sweepMembers(server: Server): Promise<void> {
  const { db, clock } = server;
  await stepLimits(server);
  await sweepTries(server);
  await db.query.deleteFrom("code").where("untilMs", "<", clock.now()).execute();
}
