import type { Run } from "../../context.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import * as words from "../../ui/messages/server/safety.ts";
import { instantText } from "../../ui/values.ts";

/** The passkeys that log in to a server: they are made in a browser, and can be looked at and removed here. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection } = await connect(context, parseAddress(input.args[0] ?? "").url);
  const removed = input.text("remove");
  if (removed !== undefined) {
    await connection.call("POST /v1/passkeys/remove", { body: { id: removed } });
    output.say(words.passkeyRemoved);
    return { data: { id: removed } };
  }
  const { passkeys } = await connection.call("GET /v1/passkeys");
  const rows = passkeys.map((passkey) => {
    output.event("passkey", { ...passkey });
    return [passkey.id, instantText(passkey.addedMs), instantText(passkey.usedMs)];
  });
  const { id, since, used } = words.passkeyColumns;
  output.table(
    [id, since, used].map((each) => ({ title: output.text(each) })),
    rows,
  );
  if (rows.length === 0) output.say(words.noPasskeys);
  return { data: { passkeys: rows.length } };
};
