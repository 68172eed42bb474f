import { KeepsakeError } from "@keepsake/core/base";
import { usageError } from "../../input.ts";
import { logIn, signUp, type Connection } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { keepSession } from "../../device/memberships.ts";
import { loginCode, loginPassword, newLoginPassword } from "../../device/secrets.ts";
import { parseAddress, reach } from "../../device/stores/server.ts";
import { isLimited } from "../../ui/messages/server/safety.ts";
import { instantText } from "../../ui/values.ts";
import * as words from "../../ui/messages/server/server.ts";

/** Logs this device in to a server, or becomes a member of it. */
export const run: Run = async (context) => {
  const { input, output, env, clock } = context;
  const { url } = parseAddress(input.args[0] ?? "");
  const { connection, receiptKey, isDirect, signUp: admits } = await reach(context, url);
  const isNew = input.flag("signUp");
  const session = isNew ? await become(context, connection, admits) : await enter(context, connection);
  const { name, ...membership } = session;
  await keepSession(env, { ...membership, name, url, receiptKey, isDirect });
  // A name that the server made up is nowhere else.
  if (isNew && input.text("name") === undefined) output.warn(words.signedUp, { name, url });
  else output.say(isNew ? words.signedUp : words.loggedIn, { name, url });
  if (isNew) output.say(words.whatNext, { url });
  const { session: id, fullFromMs } = membership;
  if (fullFromMs > clock.now()) output.warn(isLimited, { time: instantText(fullFromMs), url, session: id });
  return { data: { server: url, member: membership.member, name, session: id, fullFromMs } };
};

async function become(context: Context, connection: Connection, admits: "invitation" | "open") {
  const { input, prompt, output } = context;
  const given = input.text("invitation");
  const isNeeded = admits === "invitation" && given === undefined;
  if (isNeeded && prompt === undefined) throw new KeepsakeError("member.bad-invitation");
  const invitation = isNeeded ? await prompt!.ask(output.text(words.askInvitation)) : given;
  const password = await newLoginPassword(context);
  return signUp(connection, { name: input.text("name"), password, invitation, platform: "cli" });
}

async function enter(context: Context, connection: Connection) {
  const { input, prompt, output } = context;
  const name = input.text("name") ?? (await prompt?.ask(output.text(words.askName)));
  if (name === undefined) throw usageError("--name", "missing");
  const password = await loginPassword(context);
  return {
    ...(await logIn(connection, { name, password, platform: "cli", totp: () => loginCode(context) })),
    name,
  };
}
