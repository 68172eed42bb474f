import { planPrune, prune, winRace } from "@keepsake/core/care";
import type { Run } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";
import * as words from "../../ui/messages/care.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";

const DAY_MS = 86_400_000;

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const days = input.number("quarantineDays");
  const options = {
    signal,
    report: output.report,
    quarantineMs: days === undefined ? undefined : days * DAY_MS,
  };
  const { vault, profile, place, history } = await openToWrite(context);
  const plan = await planPrune(history, options);
  const { giveUp, remove, repack, waiting, giveUpBytes, removeBytes, repackBytes } = plan;
  output.say(words.planPrune, {
    remove: countText(remove.length),
    removeSize: sizeText(removeBytes),
    giveUp: countText(giveUp.length),
    giveUpSize: sizeText(giveUpBytes),
    waiting: countText(waiting.length),
  });
  if (repack.length > 0)
    output.say(words.planRepack, { repack: countText(repack.length), size: sizeText(repackBytes) });
  const data = {
    remove: remove.length,
    removeBytes,
    giveUp: giveUp.length,
    giveUpBytes,
    repack: repack.length,
    repackBytes,
    waiting: waiting.length,
  };
  if (input.flag("dryRun")) return { data: { dryRun: true, ...data } };
  if (remove.length + giveUp.length + repack.length === 0) return { data };
  await requireConsent(context, words.reallyPrune);
  const { snapshot } = await winRace(vault, async (newest) => {
    const now = await planPrune(newest, options);
    return { snapshot: await prune(newest, now), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.pruned, { size: sizeText(removeBytes) });
  return { data: { ...data, snapshot: snapshot.head.number } };
};
