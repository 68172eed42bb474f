import { KeepsakeError } from "@keepsake/core/base";
import { invitationMark, plainInvitation } from "../cells/tags.ts";
import type { Query } from "../db/index.ts";
import { indexOf } from "../keys/sealed.ts";
import { randomId, randomLetters } from "../keys/ids.ts";
import { commandLine, record, type By } from "../operator/log.ts";
import type { Server } from "../server.ts";

/** What an invitation gives to who signs up with it. */
export interface Invitation {
  readonly isOperator: boolean;
  readonly quotaBytes: number;
}

const DAY_MS = 24 * 60 * 60_000;
const LETTERS = 20;
/** What the operator may store: a thousand terabytes, which is to say all there is room for. */
const OPERATOR_BYTES = 1e15;

/** Makes an invitation for one member; the code is given once, and only its hash is kept. */
export async function invite(
  server: Server,
  by: By,
  { isOperator, quotaBytes, days }: Invitation & { readonly days: number },
): Promise<string> {
  const letters = randomLetters(LETTERS).match(/.{5}/g)!;
  const code = [invitationMark(server.cell), ...letters].filter((part) => part !== "").join("-");
  const invitation = {
    id: randomId(),
    codeHash: indexOf(server.secrets, "invitation", plainInvitation(code)),
    isOperator: isOperator ? 1 : 0,
    quotaBytes,
    untilMs: server.clock.now() + days * DAY_MS,
  };
  await server.db.transaction(async (query) => {
    await query.insertInto("invitation").values(invitation).execute();
    const { codeHash: _hash, id, ...details } = invitation;
    await record(query, server, { kind: "invited", by, details: { invitation: id, ...details } });
  });
  return code;
}

/** Spends an invitation. Throws `member.bad-invitation` where there is none, or it is past its time. */
export async function spendInvitation(query: Query, server: Server, code: string): Promise<Invitation> {
  const spent = await query
    .deleteFrom("invitation")
    .where("codeHash", "=", indexOf(server.secrets, "invitation", plainInvitation(code)))
    .where("untilMs", ">=", server.clock.now())
    .returning(["isOperator", "quotaBytes"])
    .executeTakeFirst();
  if (spent === undefined) throw new KeepsakeError("member.bad-invitation");
  // Each process that started before there was an operator has printed one.
  if (spent.isOperator === 1) await query.deleteFrom("invitation").where("isOperator", "=", 1).execute();
  return { isOperator: spent.isOperator === 1, quotaBytes: spent.quotaBytes };
}

/** Whether an invitation would be taken now. */
export async function isGoodInvitation(server: Server, code: string): Promise<boolean> {
  const found = await server.db.query
    .selectFrom("invitation")
    .select("id")
    .where("codeHash", "=", indexOf(server.secrets, "invitation", plainInvitation(code)))
    .where("untilMs", ">=", server.clock.now())
    .executeTakeFirst();
  return found !== undefined;
}

/** A new invitation for the operator where no member is one yet; undefined where there is an operator. */
export async function firstInvitation(server: Server): Promise<string | undefined> {
  const { db } = server;
  const operator = await db.query
    .selectFrom("member")
    .select("id")
    .where("isOperator", "=", 1)
    .limit(1)
    .executeTakeFirst();
  if (operator !== undefined) return undefined;
  return invite(server, commandLine, { isOperator: true, quotaBytes: OPERATOR_BYTES, days: 30 });
}
