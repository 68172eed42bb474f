import { check, type Damage } from "@keepsake/core/care";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { openReadings } from "../../device/readings.ts";
import * as words from "../../ui/messages/care.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { chatNamed } from "../titles.ts";

export const run: Run = async (context) => {
  const { input, output, signal, env } = context;
  const level = input.oneOf("level", ["structure", "sample", "full"]) ?? "sample";
  const { history, profile, place } = await openHistory(context);
  const readings =
    profile === undefined ? undefined : await openReadings(env, { vault: profile.vault, place });
  const result = await check(history, { level, signal, report: output.report, readings });
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
