import { KeepsakeError } from "@keepsake/core/base";
import type { Run } from "../../context.ts";
import { updateMembership } from "../../device/memberships.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import * as words from "../../ui/messages/server/server.ts";

/** Ends this device's session with a server. Vaults there stay, and so do copies elsewhere. */
export const run: Run = async (context) => {
  const { input, output, env } = context;
  const { url } = parseAddress(input.args[0] ?? "");
  const { connection, membership } = await connect(context, url);
  await connection
    .call("DELETE /v1/devices/{id}", { params: { id: membership.session } })
    .catch((error: unknown) => {
      // A session that is gone already is logged out.
      if (!KeepsakeError.is(error, "member.no-session")) throw error;
    });
  await updateMembership(env, url, () => undefined);
  output.say(words.loggedOut, { url });
  return { data: { server: url } };
};
