import { readFile } from "node:fs/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { checkDeletion, closeMembership } from "@keepsake/core/client";
import type { DeletionReceipt } from "@keepsake/core/protocol";
import type { Context, Run } from "../../context.ts";
import { writePrivate } from "../../device/folders.ts";
import { amendMembership } from "../../device/memberships.ts";
import { loginCode, loginPassword } from "../../device/secrets.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import type { Outcome } from "../../ui/output.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";
import * as words from "../../ui/messages/server/closing.ts";

/** Ends the membership of a server after a week, takes that back, or gets and checks the receipt of the end. */
export const run: Run = async (context) => {
  const { input } = context;
  const { url } = parseAddress(input.args[0] ?? "");
  const file = input.text("receipt");
  if (file !== undefined) return receiptIn(context, url, file);
  return input.flag("takeBack") ? takeBack(context, url) : close(context, url);
};

async function close(context: Context, url: string): Promise<Outcome> {
  const { output, env } = context;
  const { connection, membership } = await connect(context, url);
  await requireConsent(context, words.askClose, { url });
  const password = await loginPassword(context);
  const closing = await closeMembership(connection, { password }).catch(async (error: unknown) => {
    if (!KeepsakeError.is(error, "member.totp-needed")) throw error;
    return closeMembership(connection, { password, totp: await loginCode(context) });
  });
  const { receipt, daysLeft } = closing;
  await amendMembership(env, membership, (kept) => ({ ...kept, deletionReceipt: receipt }));
  output.say(words.closing, { url, days: countText(daysLeft), receipt });
  return { data: { server: url, ...closing } };
}

async function takeBack(context: Context, url: string): Promise<Outcome> {
  const { connection, membership } = await connect(context, url);
  await connection.call("DELETE /v1/closing");
  await amendMembership(context.env, membership, ({ deletionReceipt: _none, ...kept }) => kept);
  context.output.say(words.kept, { url });
  return { data: { server: url } };
}

/** Checks the receipt in a file; where there is no file yet, gets the receipt and writes it. */
async function receiptIn(context: Context, url: string, file: string): Promise<Outcome> {
  const { output, primitives } = context;
  const { connection, membership } = await connect(context, url);
  const written = await readFile(file, "utf8").catch(() => undefined);
  const receipt = written === undefined ? await fetched() : parsed(written);
  await checkDeletion(primitives, receipt, membership.receiptKey);
  if (receipt.member !== membership.member)
    throw new KeepsakeError("server.bad-receipt", { details: { why: "member" } });
  if (written === undefined) await writePrivate(file, `${JSON.stringify(receipt, undefined, 2)}\n`);
  output.say(words.gone, {
    objects: countText(receipt.objects),
    size: sizeText(receipt.bytes),
    time: instantText(receipt.endedMs),
    days: countText(receipt.backupDays),
  });
  return { data: { ...receipt } };

  async function fetched(): Promise<DeletionReceipt> {
    const name = membership.deletionReceipt;
    if (name === undefined) throw new KeepsakeError("request.not-found");
    return connection.call("GET /v1/deletions/{receipt}", { params: { receipt: name } });
  }
}

/** What a person saved out of a mail: the JSON may have words around it. */
function parsed(text: string): DeletionReceipt {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as DeletionReceipt;
  } catch (cause) {
    throw new KeepsakeError("server.bad-receipt", { cause, details: { why: "json" } });
  }
}
