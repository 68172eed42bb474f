import { chatCollections, loadHistory, summaryOf } from "@keepsake/core/history";
import type { Context } from "../context.ts";
import { openAt } from "../device/open.ts";
import { openStore } from "../device/stores/stores.ts";

/** A phone whose clock was wrong must not hide when the newest message was sent. */
const AHEAD_MS = 86_400_000;

/** When the newest message in a vault was sent; undefined where it holds none. Asks nobody, remembers nothing. */
export async function newestMessageAt(
  context: Context,
  place: string,
  now: number,
): Promise<number | undefined> {
  const env = { ...context.env, KEEPSAKE_UNATTENDED: "1" };
  const alone = { ...context, env, prompt: undefined };
  const { vault, snapshot } = await openAt(alone, place, await openStore(alone, place));
  const history = await loadHistory(vault, snapshot);
  const times = chatCollections(history).flatMap((collection) => summaryOf(history, collection).last ?? []);
  const past = times.filter((time) => time <= now + AHEAD_MS);
  return past.length === 0 ? undefined : past.reduce((a, b) => Math.max(a, b));
}
