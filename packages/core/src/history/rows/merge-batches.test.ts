import { expect, test } from "vitest";
import fc from "fast-check";
import { mergeBatches } from "./merge-batches.ts";

async function* inBatches<T>(batches: readonly T[][]): AsyncGenerator<T[]> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

test("sorted lists become one, whatever their batches are", async () => {
  const sortedList = fc
    .array(fc.integer({ min: 0, max: 99 }), { maxLength: 40 })
    .map((list) => list.sort((a, b) => a - b));
  const list = fc.tuple(sortedList, fc.array(fc.nat({ max: 40 }), { maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(list, { maxLength: 4 }), async (lists) => {
      const batched = lists.map(([numbers, cuts]) => {
        const bounds = [
          0,
          ...cuts.filter((cut) => cut < numbers.length).sort((a, b) => a - b),
          numbers.length,
        ];
        return bounds.slice(1).map((end, i) => numbers.slice(bounds[i], end));
      });
      const merged: number[] = [];
      for await (const batch of mergeBatches(batched.map(inBatches), (a, b) => a - b)) {
        expect(batch.length).toBeGreaterThan(0);
        merged.push(...batch);
      }
      expect(merged).toEqual(lists.flatMap(([numbers]) => numbers).sort((a, b) => a - b));
    }),
  );
});
