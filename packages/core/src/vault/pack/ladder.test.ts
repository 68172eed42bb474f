import fc from "fast-check";
import { expect, test } from "vitest";
import { isLadderSize, ladderSize, LARGEST_PACK_BYTES } from "./ladder.ts";

const contentBytes = fc.integer({ min: 0, max: LARGEST_PACK_BYTES });

test("a size of the ladder holds the content and is a fixed point", () => {
  fc.assert(
    fc.property(contentBytes, (bytes) => {
      const size = ladderSize(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(ladderSize(size)).toBe(size);
      expect(isLadderSize(size)).toBe(true);
    }),
  );
});

test("more content never gives a smaller size", () => {
  fc.assert(
    fc.property(contentBytes, contentBytes, (a, b) => {
      expect(ladderSize(Math.max(a, b))).toBeGreaterThanOrEqual(ladderSize(Math.min(a, b)));
    }),
  );
});

test("above 4 KiB a pack grows by less than 12.5 %", () => {
  fc.assert(
    fc.property(fc.integer({ min: 4096, max: LARGEST_PACK_BYTES }), (bytes) => {
      expect(ladderSize(bytes)).toBeLessThan(bytes * 1.1251 + 1);
    }),
  );
});

test("there are about 120 sizes in all", () => {
  const sizes = new Set<number>();
  for (let size = 1; size <= LARGEST_PACK_BYTES; size = ladderSize(size) + 1) sizes.add(ladderSize(size));
  expect([...sizes].every(isLadderSize)).toBe(true);
  expect(sizes.size).toBe(122);
});
