import { compact, planCompact, winRace, type CompactPlan } from "@keepsake/core/care";
import type { Run } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";
import * as words from "../../ui/messages/care.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const { vault, profile, place, history } = await openToWrite(context);
  const isFull = input.flag("full") && history.deltas.length > 0;
  const plan: CompactPlan = isFull ? "fold" : planCompact(history);
  if (input.flag("dryRun") || plan === "nothing") {
    output.say(plan === "nothing" ? words.nothingToCompact : words.wouldCompact, {
      n: history.deltas.length,
    });
    return { data: { plan, dryRun: input.flag("dryRun") } };
  }
  output.report({ type: "stage", stage: "compact" });
  const { snapshot } = await winRace(vault, async (newest) => {
    return { snapshot: await compact(newest, plan, output.report), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  output.say(words.compacted, { n: history.deltas.length });
  const { number, contentRoot } = snapshot.head;
  return {
    data: { plan, snapshot: number, contentRoot, isSame: contentRoot === history.snapshot.head.contentRoot },
  };
};
