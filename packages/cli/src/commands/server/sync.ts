import type { Context, Run } from "../../context.ts";
import { levelCopies, type Leveled } from "../../device/level.ts";
import { openToWrite } from "../../device/open.ts";
import type { Outcome } from "../../ui/output.ts";
import { lost as lostWords } from "../../ui/messages/vault.ts";
import { warnOfServers } from "../vault/servers-only.ts";
import * as words from "../../ui/messages/server/server.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { codes } from "@keepsake/core/base";

/** Makes all copies of the vault level. */
export const run: Run = async (context) => {
  const { vault, profile, place } = await openToWrite(context);
  const leveled = await levelCopies(context, { vault, profile, place });
  if (leveled.length === 0) context.output.say(words.noCopies);
  const outcome = printLeveled(context, leveled);
  return { ...outcome, data: { ...outcome.data, ...warnOfServers(context, profile) } };
};

/** Says what became of each copy; in part where one is not level. */
export function printLeveled({ output }: Context, leveled: readonly Leveled[]): Outcome {
  for (const each of leveled) {
    const { place, outcome } = each;
    if (outcome === "failed") {
      const { code } = each.error;
      output.event("copy", { place, outcome, code });
      output.warn(words.notLevel, { place, reason: output.text(codes[code]) });
    } else {
      const { copiedPacks, copiedBytes, lost } = each.result;
      output.event("copy", { place, outcome, copiedPacks, copiedBytes, lost: lost.length });
      if (outcome === "lacking") {
        output.warn(words.lacking, { place });
        output.warn(lostWords, { n: countText(lost.length) });
        continue;
      }
      const values = { place, packs: countText(copiedPacks), size: sizeText(copiedBytes) };
      output.say({ level: words.level, brought: words.brought, taken: words.taken }[outcome], values);
    }
  }
  const level = leveled.filter(({ outcome }) => outcome !== "failed" && outcome !== "lacking").length;
  const data = { copies: leveled.length, level };
  return level === leveled.length ? { data } : { code: "cli.partly", data };
}
