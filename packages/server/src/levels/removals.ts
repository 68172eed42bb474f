import type { RemovalReceipt } from "@keepsake/core/protocol";
import type { Server } from "../server.ts";

const MOST = 100;

/** The newest receipts for what went of a member for want of payment. */
export function removalsOf({ db }: Server, member: string): Promise<readonly RemovalReceipt[]> {
  return db.query
    .selectFrom("removal")
    .selectAll()
    .where("member", "=", member)
    .orderBy("endedMs", "desc")
    .limit(MOST)
    .execute();
}
