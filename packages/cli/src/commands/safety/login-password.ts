import { KeepsakeError } from "@keepsake/core/base";
import { changePassword, resetPassword } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { keepSession, readMembership } from "../../device/memberships.ts";
import { askSentCode, newLoginPassword, requireAsker } from "../../device/secrets.ts";
import { connect, contactOf, parseAddress, reach } from "../../device/stores/server.ts";
import * as safety from "../../ui/messages/server/safety.ts";
import * as words from "../../ui/messages/server/server.ts";
import type { Outcome } from "../../ui/output.ts";
import { countText, instantText } from "../../ui/values.ts";

/** Changes the password that logs in to a server, or sets a new one where it is forgotten. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { url } = parseAddress(input.args[0] ?? "");
  const contact = input.text("reset");
  if (contact !== undefined) return reset(context, url, contact);
  const { connection } = await connect(context, url);
  if (input.flag("cancelReset")) {
    const { ended } = await connection.call("POST /v1/reset/cancel");
    output.say(safety.resetCancelled, { n: countText(ended) });
    return { data: { ended } };
  }
  const ended = await changePassword(connection, await newLoginPassword(context));
  output.say(words.passwordChanged, { n: countText(ended) });
  return { data: { ended } };
};

async function reset(context: Context, url: string, to: string): Promise<Outcome> {
  const { output, env, clock } = context;
  const kept = await readMembership(env, url);
  if (kept !== undefined && kept.fullFromMs <= clock.now() && (await isLoggedIn(context, url)))
    throw new KeepsakeError("member.logged-in");
  requireAsker(context);
  const { connection, receiptKey, isDirect } = await reach(context, url);
  const password = await newLoginPassword(context);
  const given = { contact: contactOf(to), password, platform: "cli" } as const;
  const session = await resetPassword(connection, given, (wasWrong) => askSentCode(context, to, wasWrong));
  await keepSession(env, { ...session, url, receiptKey, isDirect });
  const { member, fullFromMs } = session;
  output.say(safety.resetBegun, { url, time: instantText(fullFromMs) });
  return { data: { server: url, member, fullFromMs } };
}

async function isLoggedIn(context: Context, url: string): Promise<boolean> {
  const { connection } = await connect(context, url);
  return connection.call("GET /v1/member").then(
    () => true,
    () => false,
  );
}
