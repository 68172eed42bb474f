import { copyTo, type CopyResult } from "@keepsake/core/care";
import type { Context, Run } from "../../context.ts";
import { noteSeen, openHistory } from "../../device/open.ts";
import { noteLevel } from "../../device/profile.ts";
import { openStore, placeOf } from "../../device/stores/stores.ts";
import { usageError } from "../../input.ts";
import type { Outcome } from "../../ui/output.ts";
import * as words from "../../ui/messages/vault.ts";
import { countText, sizeText } from "../../ui/values.ts";

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const to = input.text("to");
  if (to === undefined) throw usageError("--to", "missing");
  const { history, profile, snapshot } = await openHistory(context);
  const { number } = snapshot.head;
  if (input.flag("dryRun")) {
    output.say(words.wouldCopy, { head: number });
    return { data: { dryRun: true, snapshot: number } };
  }
  // A link may stand for a folder only once that is there.
  const second = await openStore(context, await placeOf(to), "copy");
  const place = await placeOf(to);
  const result = await copyTo(history, second, { signal, report: output.report });
  if (profile !== undefined) await noteSeen(context, profile, { place, snapshot });
  if (profile !== undefined && result.lost.length === 0)
    await noteLevel(context.env, profile, { place, now: context.clock.now() });
  output.say(words.copied, { packs: countText(result.copiedPacks), size: sizeText(result.copiedBytes) });
  return copyOutcome(context, result);
};

/** What copying or repairing came to. */
export function copyOutcome({ output }: Context, result: CopyResult): Outcome {
  const { healedHere, healedThere, lost } = result;
  if (healedHere.length + healedThere.length > 0)
    output.say(words.healed, { here: countText(healedHere.length), there: countText(healedThere.length) });
  if (lost.length === 0) return { data: { ...result } };
  output.warn(words.lost, { n: countText(lost.length) });
  return { code: "cli.partly", data: { ...result } };
}
