import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fractionOf, ranked, type Weighted } from "./choose.ts";

const keyed = (key: string) => (cell: number) =>
  fractionOf(createHash("sha256").update(`${key} ${cell}`).digest("hex"));
const first = (cells: readonly Weighted[], key: string): number => ranked(cells, keyed(key))[0]!;
const cells = fc.uniqueArray(fc.record({ cell: fc.nat(1023), weight: fc.nat(5) }), {
  selector: ({ cell }) => cell,
  minLength: 1,
  maxLength: 8,
});

test("every cell that may be chosen is, once, and none that may not", () => {
  fc.assert(
    fc.property(cells, fc.string(), (all, key) => {
      const wanted = all.flatMap(({ cell, weight }) => (weight > 0 ? [cell] : []));
      expect(ranked(all, keyed(key)).toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
    }),
  );
});

test("a key keeps its cell when others come and go", () => {
  fc.assert(
    fc.property(cells, fc.string(), fc.nat(7), (all, key, gone) => {
      const before = ranked(all, keyed(key))[0];
      const left = all.filter(({ cell }, index) => cell === before || index !== gone);
      expect(ranked(left, keyed(key))[0]).toBe(before);
    }),
  );
});

test("cells are chosen as often as their weights say", () => {
  const weighted = [
    { cell: 0, weight: 1 },
    { cell: 1, weight: 3 },
  ];
  const keys = Array.from({ length: 4000 }, (_, index) => `key ${index}`);
  const share = keys.filter((key) => first(weighted, key) === 1).length / keys.length;
  expect(share).toBeGreaterThan(0.72);
  expect(share).toBeLessThan(0.78);
});
