import { createInterface } from "node:readline";
import { renderUnicodeCompact } from "uqr";
import { bytesToHex, KeepsakeError } from "@keepsake/core/base";
import {
  answerEnrolment,
  awaitOldDevice,
  Connection,
  describeServer,
  offerEnrolment,
  serverStore,
} from "@keepsake/core/client";
import { openVault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { writeMembership } from "../../device/memberships.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { connect, parseAddress, vaultAt } from "../../device/stores/server.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "./words.ts";

/** Lets a new device in: on the new one without a code, on an old one with the code that the new one shows. */
export const run: Run = async (context) => {
  const { url } = parseAddress(context.input.args[0] ?? "");
  const code = context.input.text("code");
  return code === undefined ? offer(context, url) : answer(context, url, code);
};

async function offer(context: Context, url: string): Promise<Outcome> {
  const { output, primitives, clock, signal, env } = context;
  const language = output.language === "zh" ? "zh-CN" : "en";
  const connection = new Connection({ url, primitives, language });
  const { receiptKey, isDirect } = await describeServer(connection);
  const offered = await offerEnrolment(connection, "cli");
  output.event("enrolment", { code: offered.code, untilMs: offered.untilMs });
  output.line(renderUnicodeCompact(offered.code));
  output.say(words.showCode, { code: offered.code, url });
  const { digits, letIn } = await awaitOldDevice(offered, signal);
  output.event("digits", { digits });
  output.say(words.showDigits, { digits });
  const { membership, deviceKey, serverVault: vault, anchor } = await letIn();
  await writeMembership(env, { ...membership, url, receiptKey, isDirect, vault, receipts: {} });
  const store = serverStore({ connection: connection.with(membership), vault, isDirect });
  const secret = { kind: "device", ...deviceKey } as const;
  const opened = await openVault({ primitives, store, clock, secret, anchor });
  const profile = { vault: bytesToHex(opened.vault.id), key: deviceKey, stores: {} };
  await noteSeen(context, profile, { place: url, snapshot: opened.snapshot });
  output.say(words.letIn, { url });
  return { data: { server: url, snapshot: opened.snapshot.head.number } };
}

/** A line of standard input: for scripts, which are told the digits of the new device only then. */
async function typedLine(signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, signal });
  try {
    for await (const line of lines) return line.trim();
    return "";
  } finally {
    lines.close();
  }
}

async function answer(context: Context, url: string, code: string): Promise<Outcome> {
  const { input, output, prompt, signal } = context;
  const { connection } = await connect(context, url);
  const { vault: serverVault } = await vaultAt(context, url, "use");
  const { vault } = await openForKeys(context);
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
