import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import { replaceWords } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { noteWords } from "../../device/profile.ts";
import { handOver, languageOfWords, prepareKit } from "../../kit/hand-over.ts";
import * as words from "../../ui/messages/keys.ts";
import { requireConsent } from "../consent.ts";

export const run: Run = async (context) => {
  const { output, env, clock } = context;
  const language = languageOfWords(context);
  await using kit = await prepareKit(context);
  const { vault, profile, place } = await openForKeys(context);
  if (profile === undefined || vault.device === undefined) throw new KeepsakeError("cli.not-this-device");
  await requireConsent(context, words.reallyReplace);
  let isChecked = false as boolean;
  const replaced = await replaceWords(vault, language, async (list) => {
    isChecked = await handOver(context, vault, list, kit);
  });
  // Only a new generation makes the old words useless for what is written from now on.
  const { snapshot, vault: rotated } = await startGeneration(replaced);
  await noteSeen(context, profile, { place, snapshot });
  await noteWords(env, profile, { isChecked, isKitMade: kit !== undefined, now: clock.now() });
  output.say(words.wordsReplaced);
  return {
    data: { snapshot: snapshot.head.number, generation: rotated.document.epoch, wordsChecked: isChecked },
  };
};
