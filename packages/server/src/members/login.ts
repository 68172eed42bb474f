import { KeepsakeError } from "@keepsake/core/base";
import { isTaken } from "../db/index.ts";
import type { Server } from "../server.ts";
import { limitsOf } from "./access/approval.ts";
import { lockPassword } from "./access/reset.ts";
import { checkTotp } from "./access/totp.ts";
import { checkTry, countTry, forgetTries } from "./access/tries.ts";
import { note } from "./events.ts";
import { loginIndices } from "./names.ts";
import { finishLogin, finishRegistration, startLogin, startRegistration } from "./password.ts";
import { endOtherSessions, openSession, type DeviceClaim, type Session } from "./sessions.ts";
import type { NewSession } from "./sign-up.ts";

const LOGIN_MS = 10 * 60_000;

/** Begins a login by name, or by a contact, and password. */
export async function beginLogin(
  server: Server,
  {
    name,
    startLoginRequest,
    from,
  }: { readonly name: string; readonly startLoginRequest: string; readonly from: string },
): Promise<{ readonly ticket: string; readonly loginResponse: string }> {
  const indices = loginIndices(server.secrets, name);
  const tried = { nameIndex: indices[0], from };
  // Here and not at the end: whoever has the answer can look at a guess by himself. A try that is refused because of
  // what others tried at the name is not counted against this place.
  await checkTry(server, "login-name", tried.nameIndex);
  await countTry(server, "login", `${tried.nameIndex}\0${from}`);
  await countTry(server, "login-name", tried.nameIndex);
  const rows = await server.db.query
    .selectFrom("memberName")
    .innerJoin("member", "member.id", "memberName.member")
    .select(["nameIndex", "member.id as member", "credential", "record"])
    .where("nameIndex", "in", indices)
    .where("state", "=", "active")
    .execute();
  const known = indices.map((index) => rows.find((row) => row.nameIndex === index)).find((row) => row);
  return startLogin(server, { tried, known, startLoginRequest });
}

/** Ends a login: a session for the device. Throws `member.wrong-login`, and what `checkTotp` does. */
export async function endLogin(
  server: Server,
  given: {
    readonly ticket: string;
    readonly finishLoginRequest: string;
    readonly device: DeviceClaim;
    /** The code of an authenticator app. */
    readonly totp?: string | undefined;
  },
): Promise<NewSession> {
  const { member, credential, tried, login } = finishLogin(server, given);
  await checkTotp(server, member, given.totp);
  await forgetTries(server, "login", `${tried.nameIndex}\0${tried.from}`);
  await forgetTries(server, "login-name", tried.nameIndex);
  const nowMs = server.clock.now();
  try {
    return await server.db.transaction(async (query) => {
      await query
        .insertInto("spentTicket")
        .values({ id: login, untilMs: nowMs + LOGIN_MS })
        .execute();
      // The password may have been changed, or a reset taken back, since this login began.
      if ((await lockPassword(query, member)).credential !== credential)
        throw new KeepsakeError("member.wrong-login");
      const limits = await limitsOf(query, member, nowMs);
      const { id: session, token } = await openSession(
        query,
        { cell: server.cell, nowMs },
        {
          member,
          device: given.device,
          ...limits,
        },
      );
      await note(query, nowMs, { member, kind: "logged-in", session });
      return { member, session, token, fullFromMs: limits.fullFromMs };
    });
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("member.wrong-login", { cause: error });
    throw error;
  }
}

/** Begins to change the password of who is logged in. */
export function beginPasswordChange(
  server: Server,
  registrationRequest: string,
): { readonly ticket: string; readonly registrationResponse: string } {
  return startRegistration(server, registrationRequest);
}

/** Sets the new password; all other sessions end. Says how many did. */
export async function endPasswordChange(
  server: Server,
  session: Session,
  given: { readonly ticket: string; readonly registrationRecord: string },
): Promise<number> {
  const { credential, record } = finishRegistration(server, given);
  return server.db.transaction(async (query) => {
    await query.updateTable("member").set({ credential, record }).where("id", "=", session.member).execute();
    // The password from before a reset is of no more use.
    await query.deleteFrom("reset").where("member", "=", session.member).execute();
    const ended = await endOtherSessions(query, session);
    const change = {
      member: session.member,
      kind: "password-changed",
      session: session.id,
      details: { ended },
    } as const;
    await note(query, server.clock.now(), change);
    return ended;
  });
}
