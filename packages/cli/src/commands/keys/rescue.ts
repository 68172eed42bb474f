import { startGeneration } from "@keepsake/core/care";
import { rescueVault } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";
import { keepKey, noteWords } from "../../device/profile.ts";
import { handOver, languageOfWords, prepareKit } from "../../kit/hand-over.ts";
import * as words from "../../ui/messages/keys.ts";
import { requireConsent } from "../consent.ts";

export const run: Run = async (context) => {
  const { output, env, clock } = context;
  const language = languageOfWords(context);
  await using kit = await prepareKit(context);
  const { vault, profile, place } = await openToWrite(context);
  await requireConsent(context, words.reallyRescue);
  let isChecked = false as boolean;
  const rescued = await rescueVault(vault, language, async (list) => {
    isChecked = await handOver(context, vault, list, kit);
  });
  const kept = await keepKey(env, profile.vault, { ...profile.key, authority: rescued.authority });
  // Whoever finds the lost words opens nothing that is written from now on.
  const { snapshot, vault: rotated } = await startGeneration(rescued.vault);
  await noteSeen(context, kept, { place, snapshot });
  await noteWords(env, profile, { isChecked, isKitMade: kit !== undefined, now: clock.now() });
  output.say(words.rescued);
  return {
    data: {
      snapshot: snapshot.head.number,
      generation: rotated.document.epoch,
      wordsChecked: isChecked,
    },
  };
};
