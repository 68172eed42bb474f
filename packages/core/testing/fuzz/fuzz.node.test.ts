import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodePrimitives } from "../../src/platform/node/index.ts";
import { fuzz, subjects, type Subject } from "./index.ts";

const formats = join(import.meta.dirname, "../../src/formats");
const fixtures = new Map(
  globSync("*/fixtures/{valid,invalid}/*.json*", { cwd: formats })
    .toSorted()
    .map((path) => [path.replaceAll("\\", "/"), new Uint8Array(readFileSync(join(formats, path)))]),
);
/** The time of this thread alone: others may be busy. */
function now(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const options = { seed: "ci", inputs: 5000, now };

describe.each(subjects(fixtures, nodePrimitives).map((subject) => [subject.id, subject] as const))(
  "%s",
  (_, subject) => {
    test("takes 5,000 inputs that nobody would write", { timeout: 120_000 }, async () => {
      const memoryBytes = (): number => process.memoryUsage().heapUsed;
      const result = await fuzz(subject, { ...options, memoryBytes });
      expect(result.faults.map(({ number, what }) => `${number}: ${what}`)).toEqual([]);
      expect(result.inputs).toBe(5000);
    });
  },
);

test("a subject that throws what is not ours, or hangs, is found out", async () => {
  const seeds = [new Uint8Array([1, 2, 3])];
  const throws: Subject = { id: "throws", seeds, take: () => void JSON.parse("{") };
  expect((await fuzz(throws, { ...options, inputs: 3 })).faults).toHaveLength(3);
  let clockMs = 0;
  const slow: Subject = { id: "slow", seeds, take: () => void (clockMs += 1500) };
  const result = await fuzz(slow, { ...options, inputs: 1, now: () => clockMs });
  expect(result.faults[0]).toMatchObject({ what: "hangs" });
});

test("the same seed gives the same inputs", async () => {
  const inputs: string[][] = [[], []];
  for (const list of inputs) {
    const seeds = [new Uint8Array([1, 2, 3]), new Uint8Array(50)];
    await fuzz(
      { id: "a", seeds, take: (input) => void list.push(input.join()) },
      { ...options, inputs: 200 },
    );
  }
  expect(inputs[0]).toEqual(inputs[1]);
});
