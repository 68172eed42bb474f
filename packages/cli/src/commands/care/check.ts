import { KeepsakeError } from "@keepsake/core/base";
import { check, type Damage, type GoneFiles, type Share } from "@keepsake/core/care";
import { removedPacks } from "@keepsake/core/client/plans";
import type { History } from "@keepsake/core/history";
import type { Context, Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import { openReadings } from "../../device/readings.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/care.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { titleFor } from "../titles.ts";

export const run: Run = async (context) => {
  const { input, output, signal, env } = context;
  const share = shareOf(context);
  const level = input.oneOf("level", ["structure", "sample", "full"]) ?? (share ? "full" : "sample");
  if (share !== undefined && level !== "full") throw usageError("--share", "not-together");
  const { history, profile, place } = await openHistory(context);
  const readings =
    profile === undefined ? undefined : await openReadings(env, { vault: profile.vault, place });
  const removed = await removedFrom(context, place);
  const how = { level, share, signal, report: output.report, readings, removedPacks: removed };
  const result = await check(history, how);
  await readings?.save();
  await printDamages(context, history, result.damages);
  const counts = {
    objects: countText(result.objects),
    opened: countText(result.opened),
    size: sizeText(result.openedBytes),
  };
  output.say(words.checked, counts);
  await printGone(context, history, result.gone);
  if (result.unknownPacks.length > 0)
    output.say(words.unknownPacks, { n: countText(result.unknownPacks.length) });
  const { number } = history.snapshot.head;
  const { damages, gone, unknownPacks, ...numbers } = result;
  const goneFiles = gone.reduce((sum, { files }) => sum + files, 0);
  const found = { damages: damages.length, goneFiles, unknownPacks: unknownPacks.length };
  const data = { snapshot: number, ...numbers, ...found };
  if (damages.length > 0) return { code: "vault.corrupt", data };
  output.say(goneFiles > 0 ? words.restWell : words.allWell);
  // A server that lost files could say that nobody paid for them: it is the person who knows.
  return goneFiles > 0 ? { code: "cli.partly", data } : { data };
};

async function printDamages(
  { output }: Context,
  history: History,
  damages: readonly Damage[],
): Promise<void> {
  for (const damage of damages) {
    output.event("damage", { ...damage });
    const values = {
      what: output.text(words.damages[damage.what]),
      pack: damage.pack ?? "—",
      chat: damage.collection === undefined ? "" : await titleFor(history, damage.collection),
    };
    output.line(output.text(words.damage, values));
  }
}

/** How many packs of files a server says it has removed because nobody paid; none elsewhere. */
async function removedFrom(context: Context, place: string): Promise<number> {
  if (!/^https?:/.test(place)) return 0;
  const { connection, membership } = await connect(context, parseAddress(place).url);
  return removedPacks(connection, membership).catch((error: unknown) => {
    // An older server removes nothing that it could tell of.
    if (KeepsakeError.is(error, "request.not-found")) return 0;
    throw error;
  });
}

const WEEK_MS = 7 * 24 * 60 * 60_000;

async function printGone({ output }: Context, history: History, gone: readonly GoneFiles[]): Promise<void> {
  if (gone.length > 0) output.say(words.goneFiles);
  for (const each of gone) {
    output.event("gone", { ...each });
    const chat = await titleFor(history, each.collection);
    const [first, last] = [dayText(each.firstWeek * WEEK_MS), dayText(each.lastWeek * WEEK_MS)];
    const values = { chat, files: countText(each.files), size: sizeText(each.bytes), first, last };
    output.line(output.text(words.goneInChat, values));
  }
}

/** A share as people name it: 1/30 is the first of thirty. */
function shareOf({ input }: Context): Share | undefined {
  const text = input.text("share");
  if (text === undefined) return undefined;
  const [number, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).slice(1).map(Number);
  if (number === undefined || count === undefined || number < 1 || number > count)
    throw usageError("--share", "not-taken");
  return { index: number - 1, count };
}
