import type { Server } from "../server.ts";

/** What of members is past its time: codes that nobody gave back. */
export async function sweepMembers({ db, clock }: Server): Promise<void> {
  await db.query.deleteFrom("code").where("untilMs", "<", clock.now()).execute();
}
