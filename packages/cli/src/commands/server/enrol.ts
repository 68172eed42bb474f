import { renderUnicodeCompact } from "uqr";
import { bytesToHex, KeepsakeError } from "@keepsake/core/base";
import { answerEnrolment, awaitOldDevice, offerEnrolment, type Candidate } from "@keepsake/core/client";
import { openVault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { keepSession } from "../../device/memberships.ts";
import { noteSeen, openForKeysAt } from "../../device/open.ts";
import { keepKey, rememberStore } from "../../device/profile.ts";
import { openStore, placeOf } from "../../device/stores/stores.ts";
import { connect, parseAddress, placeOfVault, reach, vaultAt } from "../../device/stores/server.ts";
import { typedLine } from "../../ui/typed-line.ts";
import type { Outcome } from "../../ui/output.ts";
import { writeDeviceName } from "../device-name.ts";
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
  const { membership, vaultId, deviceKey, serverVault: vault, anchor } = await letIn();
  // The key first: the vault knows this device now, and nobody else has its key.
  const profile = await keepKey(env, bytesToHex(vaultId), deviceKey);
  await keepSession(env, { ...membership, url, receiptKey, isDirect, vault });
  const place = await placeOfVault(env, url, vault);
  await rememberStore(env, place);
  const store = await openStore(context, place);
  const secret = { kind: "device", ...deviceKey } as const;
  const opened = await openVault({ primitives, store, clock, secret, anchor });
  const seen = await noteSeen(context, profile, { place, snapshot: opened.snapshot });
  const { writer } = opened.vault.device!;
  const snapshot = await writeDeviceName(context, opened.vault, writer);
  await noteSeen(context, seen, { place, snapshot });
  output.say(words.letIn, { url });
  return { data: { server: url, snapshot: snapshot.head.number } };
}

async function answer(context: Context, url: string, given: string): Promise<Outcome> {
  const { output, signal } = context;
  const { connection } = await connect(context, url);
  // The store that the new device will open: another copy would let it into nothing that it sees.
  const place = await placeOf(context.input.args[0]!);
  const { vault: serverVault } = await vaultAt(context, place, "use");
  const { vault } = await openForKeysAt(context, place);
  const code = given === "-" ? await askCode(context) : given;
  const candidate = await answerEnrolment(vault, connection, { code, serverVault, signal });
  const { digits } = candidate;
  output.event("digits", { digits });
  await compare(context, candidate);
  try {
    const changed = await candidate.confirm();
    output.say(words.deviceAdded);
    return { data: { devices: changed.document.devices.length } };
  } catch (error) {
    const writer = KeepsakeError.is(error) ? error.details["writer"] : undefined;
    if (writer !== undefined) output.warn(words.deviceLeftBehind, { writer: String(writer) });
    throw error;
  }
}

/** Once the vault is open: the code is good for two minutes, and the words take longer to type. */
async function askCode({ output, prompt, signal }: Context): Promise<string> {
  if (prompt === undefined) {
    output.event("ready", {});
    return typedLine(signal);
  }
  return (await prompt.ask(output.text(words.askEnrolCode))).trim();
}

/** Throws where the person does not say that both devices show the same digits. */
async function compare({ input, output, prompt, signal }: Context, candidate: Candidate): Promise<void> {
  const { digits } = candidate;
  const given = input.text("digits") === "-" ? await typedLine(signal) : input.text("digits");
  const isSame =
    given === undefined
      ? prompt !== undefined && (await prompt.confirm(output.text(words.compareDigits, { digits })))
      : given === digits;
  if (isSame) return;
  await candidate.refuse();
  throw new KeepsakeError(given === undefined ? "cli.not-confirmed" : "enrol.altered");
}
