import { changePassword } from "@keepsake/core/client";
import type { Run } from "../../context.ts";
import { newLoginPassword } from "../../device/secrets.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import { countText } from "../../ui/values.ts";
import * as words from "../../ui/messages/server/server.ts";

/** Changes the password that logs in to a server. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection } = await connect(context, parseAddress(input.args[0] ?? "").url);
  const ended = await changePassword(connection, await newLoginPassword(context));
  output.say(words.passwordChanged, { n: countText(ended) });
  return { data: { ended } };
};
