import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { attackedVault, publishRoot, type AttackedVault } from "../../testing/stores/attacked-vault.ts";
import { seededSchedule } from "../../testing/stores/slow-store.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { headNumbers } from "./heads/heads.ts";
import { newestSnapshot } from "./open.ts";
import { memoryStore, type Store } from "./store/index.ts";
import type { Vault } from "./vault.ts";

const TIMEOUT_MS = 600_000;
const seeds = process.env["KEEPSAKE_SOAK"] === "1" ? 20_000 : 1000;
const primitives = await testPrimitives();

describe("writers that race", () => {
  /** What a writer does who is told of a lost race: looks again and writes after what is there. */
  async function writeUntilThrough(made: AttackedVault<Store>, store: Store, mark: string): Promise<number> {
    const vault: Vault = { ...made.vault, store };
    for (let tries = 1; ; tries++) {
      const snapshot = await newestSnapshot(vault);
      const marks = [...((snapshot.root as { marks?: string[] }).marks ?? []), mark];
      if ((await publishRoot(vault, snapshot, { marks })) !== "raced") return tries;
    }
  }

  test(
    "lose no head and no mark, whatever the order of their calls",
    async () => {
      const made = await attackedVault(primitives);
      const before = made.store.state;
      let lost = 0;
      for (let seed = 0; seed < seeds; seed++) {
        const schedule = seededSchedule(seed, () => setImmediate());
        const objects = memoryStore(new Map(before));
        const store = schedule.client(objects);
        const outcomes = await schedule.run(
          ["a", "b"].map((mark) => () => writeUntilThrough(made, store, mark)),
        );
        for (const each of outcomes) {
          if (each.status === "rejected") throw each.reason;
          lost += each.value - 1;
        }
        const vault = { ...made.vault, store: objects };
        const newest = await newestSnapshot(vault);
        expect((newest.root as { marks: string[] }).marks.toSorted()).toEqual(["a", "b"]);
        expect(await headNumbers(objects)).toEqual([3, 2, 1]);
      }
      expect(lost).toBeGreaterThan(seeds / 4);
      expect(lost).toBeLessThanOrEqual(seeds);
    },
    TIMEOUT_MS,
  );
});
