import { manifestOf, summaryOf, type History } from "@keepsake/core/history";
import { LocalClock } from "../../../time/local-time.ts";
import type { DayCounts } from "./census.ts";

/** Chats of fewer messages are counted before anybody could see an estimate. */
const FEW_MESSAGES = 4_000;

/**
 * About how many messages each day of a chat has, from the list of its segments alone, each spread evenly over its
 * time; undefined where counting is as quick.
 */
export async function estimateDays(history: History, collection: string): Promise<DayCounts | undefined> {
  const { messages, first, last } = summaryOf(history, collection);
  if (messages < FEW_MESSAGES || first === null || last === null) return undefined;
  const manifest = await manifestOf(history, collection);
  const clock = new LocalClock();
  const [firstDay, lastDay] = [clock.at(first).day, clock.at(last).day];
  const counts = new Float64Array(lastDay - firstDay + 1);
  for (const segment of [...(manifest?.messages ?? []), ...(manifest?.late ?? [])]) {
    if (segment.first === null || segment.last === null) continue;
    const from = Math.max(0, clock.at(segment.first[0]).day - firstDay);
    const until = Math.min(counts.length - 1, clock.at(segment.last[0]).day - firstDay);
    for (let day = from; day <= until; day++) counts[day]! += segment.rows / (until - from + 1);
  }
  return { firstDay, counts: Uint32Array.from(counts, Math.ceil) };
}
