import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import type { Run } from "../../context.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import * as words from "../../ui/messages/keys.ts";

export const run: Run = async (context) => {
  const { vault, profile, place } = await openForKeys(context);
  if (profile === undefined || vault.device === undefined) throw new KeepsakeError("cli.not-this-device");
  const { snapshot, vault: rotated } = await startGeneration(vault);
  await noteSeen(context, profile, { place, snapshot });
  context.output.say(words.rotated);
  const { number, contentRoot } = snapshot.head;
  return { data: { snapshot: number, contentRoot, generation: rotated.document.epoch } };
};
