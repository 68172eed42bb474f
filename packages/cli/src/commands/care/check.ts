import { check, type Damage, type Share } from "@keepsake/core/care";
import type { Context, Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { openReadings } from "../../device/readings.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/care.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { chatNamed } from "../titles.ts";

export const run: Run = async (context) => {
  const { input, output, signal, env } = context;
  const share = shareOf(context);
  const level = input.oneOf("level", ["structure", "sample", "full"]) ?? (share ? "full" : "sample");
  if (share !== undefined && level !== "full") throw usageError("--share", "not-together");
  const { history, profile, place } = await openHistory(context);
  const readings =
    profile === undefined ? undefined : await openReadings(env, { vault: profile.vault, place });
  const result = await check(history, { level, share, signal, report: output.report, readings });
  await readings?.save();
  const titleFor = async ({ collection }: Damage): Promise<string> => {
    if (collection === undefined) return "";
    return chatNamed(history, collection).then(
      ({ title }) => title,
      () => collection,
    );
  };
  for (const damage of result.damages) {
    output.event("damage", { ...damage });
    const values = {
      what: output.text(words.damages[damage.what]),
      pack: damage.pack ?? "—",
      chat: await titleFor(damage),
    };
    output.line(output.text(words.damage, values));
  }
  const counts = {
    objects: countText(result.objects),
    opened: countText(result.opened),
    size: sizeText(result.openedBytes),
  };
  output.say(words.checked, counts);
  if (result.unknownPacks.length > 0)
    output.say(words.unknownPacks, { n: countText(result.unknownPacks.length) });
  const { number } = history.snapshot.head;
  const { damages, unknownPacks, ...numbers } = result;
  const data = { snapshot: number, ...numbers, damages: damages.length, unknownPacks: unknownPacks.length };
  if (damages.length > 0) return { code: "vault.corrupt", data };
  output.say(words.allWell);
  return { data };
};

/** A share as people name it: 1/30 is the first of thirty. */
function shareOf({ input }: Context): Share | undefined {
  const text = input.text("share");
  if (text === undefined) return undefined;
  const [number, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).slice(1).map(Number);
  if (number === undefined || count === undefined || number < 1 || number > count)
    throw usageError("--share", "not-one-of");
  return { index: number - 1, count };
}
