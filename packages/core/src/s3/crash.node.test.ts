import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { hasS3Service, startCeph } from "../../../../tools/parts/ceph.ts";
import { eachBounded, equalBytes, KeepsakeError } from "../base/index.ts";
import { nodePrimitives } from "../platform/node/primitives.ts";
import { listed, someBytes } from "../../testing/stores/conformance.ts";
import { newBucket } from "../../testing/stores/s3-buckets.ts";
import { retryStore } from "../vault/store/index.ts";
import { s3Store } from "./store.ts";

const WRITERS = 8;
const WRITES = 1_050;

/** Every eighth is as long as a pack can be short, the others as a head. */
const sizeOf = (i: number): number => (i % 8 === 0 ? 200_000 : 900);

test.skipIf(!hasS3Service())(
  "what a service said that it stored is there after all its processes were killed under load",
  { timeout: 240_000 },
  async () => {
    await using ceph = await startCeph();
    const options = await newBucket(ceph.service, nodePrimitives);
    const store = s3Store({ ...options, silenceMs: 5_000 }, nodePrimitives);
    const stored = new Set<string>();
    let next = 0;
    const writers = Array.from({ length: WRITERS }, async () => {
      for (;;) {
        const i = next++;
        try {
          if ((await store.put(`packs/n${i}`, someBytes(sizeOf(i), i))) === "stored")
            stored.add(`packs/n${i}`);
        } catch (error) {
          if (!KeepsakeError.is(error, "store.unavailable")) throw error;
          return;
        }
      }
    });
    while (stored.size < WRITES) await setTimeout(5);
    await ceph.kill();
    await Promise.all(writers);
    await ceph.start();
    const again = retryStore(store);
    const names = await listed(again);
    const there = new Set(names);
    expect([...stored].filter((name) => !there.has(name))).toEqual([]);
    // What was under way is there as a whole, or not at all.
    const damaged: string[] = [];
    await eachBounded(names, WRITERS, async (name) => {
      const i = Number(name.slice("packs/n".length));
      const bytes = await again.get(name);
      if (bytes === undefined || !equalBytes(bytes, someBytes(sizeOf(i), i))) damaged.push(name);
    });
    expect(damaged).toEqual([]);
  },
);
