import { renderUnicodeCompact } from "uqr";
import { bytesToHex, KeepsakeError } from "@keepsake/core/base";
import { answerEnrolment, awaitOldDevice, offerEnrolment, serverStore } from "@keepsake/core/client";
import { openVault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { keepSession } from "../../device/memberships.ts";
import { noteSeen, openForKeysAt } from "../../device/open.ts";
import { keepKey, rememberStore } from "../../device/profile.ts";
import { placeOf } from "../../device/stores/stores.ts";
import { connect, parseAddress, placeOfVault, reach, vaultAt } from "../../device/stores/server.ts";
import { typedLine } from "../../ui/typed-line.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/server/server.ts";

/** Lets a new device in: on the new one without a code, on an old one with the code that the new one shows. */
export const run: Run = async (context) => {
  const { url } = parseAddress(context.input.args[0] ?? "");
  const code = context.input.text("code");
  return code === undefined ? offer(context, url) : answer(context, url, code);
};

async function offer(context: Context, url: string): Promise<Outcome> {
  const { output, primitives, clock, signal, env } = context;
  const { connection, receiptKey, isDirect } = await reach(context, url);
  const offered = await offerEnrolment(connection, "cli");
  output.event("enrolment", { code: offered.code, untilMs: offered.untilMs });
  output.line(renderUnicodeCompact(offered.code));
  output.say(words.showCode, { code: offered.code, url });
  const { digits, letIn } = await awaitOldDevice(offered, signal);
  output.event("digits", { digits });
  output.say(words.showDigits, { digits });
  const { membership, deviceKey, serverVault: vault, anchor } = await letIn();
  await keepSession(env, { ...membership, url, receiptKey, isDirect, vault });
  const store = serverStore({ connection: connection.with(membership), vault, isDirect });
  const secret = { kind: "device", ...deviceKey } as const;
  const opened = await openVault({ primitives, store, clock, secret, anchor });
  const profile = await keepKey(env, bytesToHex(opened.vault.id), deviceKey);
  const place = await placeOfVault(env, url, vault);
  await noteSeen(context, profile, { place, snapshot: opened.snapshot });
  await rememberStore(env, place);
  output.say(words.letIn, { url });
  return { data: { server: url, snapshot: opened.snapshot.head.number } };
}

async function answer(context: Context, url: string, code: string): Promise<Outcome> {
  const { input, output, prompt, signal } = context;
  const { connection } = await connect(context, url);
  // The store that the new device will open: another copy would let it into nothing that it sees.
  const place = await placeOf(context.input.args[0]!);
  const { vault: serverVault } = await vaultAt(context, place, "use");
  const { vault } = await openForKeysAt(context, place);
  const candidate = await answerEnrolment(vault, connection, { code, serverVault, signal });
  const { digits } = candidate;
  output.event("digits", { digits });
  const given = input.text("digits") === "-" ? await typedLine(signal) : input.text("digits");
  const isSame =
    given === undefined
      ? prompt !== undefined && (await prompt.confirm(output.text(words.compareDigits, { digits })))
      : given === digits;
  if (!isSame) {
    await candidate.refuse();
    throw new KeepsakeError(given === undefined ? "cli.not-confirmed" : "enrol.altered");
  }
  const changed = await candidate.confirm();
  output.say(words.deviceAdded);
  return { data: { devices: changed.document.devices.length } };
}
