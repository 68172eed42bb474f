import { KeepsakeError } from "@keepsake/core/base";
import { useGeneration } from "@keepsake/core/care";
import { revokeDevice } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { wholeNumber } from "../../input.ts";
import * as words from "../../ui/messages/keys.ts";
import { requireConsent } from "../consent.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const writer = wholeNumber(input.args[0] ?? "", "device");
  const { vault, profile, place } = await openForKeys(context);
  if (profile === undefined || vault.device === undefined) throw new KeepsakeError("cli.not-this-device");
  await requireConsent(context, words.reallyRevoke, { writer });
  const revoked = await revokeDevice(vault, writer);
  const snapshot = await useGeneration(revoked);
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.revoked, { writer });
  return { data: { writer, snapshot: snapshot.head.number, generation: revoked.document.epoch } };
};
