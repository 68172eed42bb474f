import { renderUnicodeCompact } from "uqr";
import type { Connection } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { askCode, requireAsker } from "../../device/secrets.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/server/safety.ts";
import type { Outcome } from "../../ui/output.ts";

/** The second factor of a login: a code of an authenticator app. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection } = await connect(context, parseAddress(input.args[0] ?? "").url);
  if (input.flag("on") && input.flag("off")) throw usageError("--off", "not-together");
  if (input.flag("on")) return turnOn(context, connection);
  if (input.flag("off")) {
    const code = await askCode(context, output.text(words.yourApp));
    await connection.call("POST /v1/totp/remove", { body: { code } });
    output.say(words.totpIs.off);
    return { data: { isOn: false } };
  }
  const { isTotpOn: isOn } = await connection.call("GET /v1/member");
  output.say(words.totpIs[isOn ? "on" : "off"]);
  return { data: { isOn } };
};

async function turnOn(context: Context, connection: Connection): Promise<Outcome> {
  const { output } = context;
  requireAsker(context);
  const { ticket, secret, url } = await connection.call("POST /v1/totp/start");
  output.event("totp", { secret, url });
  output.line(renderUnicodeCompact(url));
  output.line(secret);
  output.say(words.scanTotp);
  const code = await askCode(context, output.text(words.yourApp));
  await connection.call("POST /v1/totp/confirm", { body: { ticket, code } });
  output.say(words.totpIs.on);
  return { data: { isOn: true } };
}
