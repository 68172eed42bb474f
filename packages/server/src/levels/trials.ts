import { createHash } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { TRIAL_INFO } from "@keepsake/core/protocol";
import { evaluateBlinded } from "../keys/tickets.ts";
import type { Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";

/*
 * Each member may have one trial, and who pays for plans knows no members: so this side gives each member one ticket,
 * blinded, and the other side takes it from whoever shows it. Here it is known that a ticket was given, and not when.
 */

/**
 * Gives a member the one ticket for a trial. The same blinded element again gets the same answer. Throws
 * `ticket.no-trial` for another one, and `request.invalid` for what is no blinded element.
 */
export async function giveTrial(
  { db, secrets }: Pick<Server, "db" | "secrets">,
  { member }: Pick<Session, "member">,
  blinded: string,
): Promise<{ readonly evaluated: string; readonly proof: string }> {
  // Evaluated first: what is no element is not written down as given out.
  const answer = evaluateBlinded(secrets, TRIAL_INFO, blinded);
  if (answer === undefined)
    throw new KeepsakeError("request.invalid", { details: { where: "blinded", rule: "element" } });
  const blindedHash = createHash("sha256").update(blinded).digest("hex");
  await db.query
    .insertInto("givenTrial")
    .values({ member, blindedHash })
    .onConflict((conflict) => conflict.column("member").doNothing())
    .execute();
  const given = await db.query
    .selectFrom("givenTrial")
    .select("blindedHash")
    .where("member", "=", member)
    .executeTakeFirst();
  if (given?.blindedHash !== blindedHash) throw new KeepsakeError("ticket.no-trial");
  return answer;
}
