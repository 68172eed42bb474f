import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { memoryStore } from "../../src/vault/store/index.ts";
import { listed, someBytes } from "./conformance.ts";
import { seededSchedule } from "./slow-store.ts";

/** What three clients that put, list and get see, in the order in which they see it. */
async function story(seed: number): Promise<string> {
  const schedule = seededSchedule(seed, () => setImmediate());
  const store = memoryStore();
  const seen: string[] = [];
  const client = (who: number) => async (): Promise<void> => {
    const mine = schedule.client(store);
    for (let round = 0; round < 3; round++) {
      const name = `heads/${round}`;
      seen.push(`${who} ${await mine.put(name, someBytes(who + 1))} ${(await mine.get(name))?.length}`);
      seen.push(`${who} ${(await listed(mine)).length}`);
    }
  };
  const outcomes = await schedule.run([client(0), client(1), client(2)]);
  expect(outcomes.every(({ status }) => status === "fulfilled")).toBe(true);
  return seen.join("\n");
}

test("a schedule gives the same story for the same seed, and many stories for many seeds", async () => {
  const stories = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const told = await story(seed);
    expect(await story(seed)).toBe(told);
    stories.add(told);
  }
  expect(stories.size).toBe(50);
});
