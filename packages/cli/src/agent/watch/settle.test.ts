import fc from "fast-check";
import { expect, test } from "vitest";
import { isSettled, settle, unseen, type Settling } from "./settle.ts";

const quietMs = 30;

/** A source's looks: how long after the one before, and whether it had changed since. */
const looks = fc.array(
  fc.record({ afterMs: fc.integer({ min: 1, max: 40 }), digest: fc.constantFrom("a", "b", undefined) }),
  { minLength: 1, maxLength: 30 },
);

test("a source counts as whole only when it was seen to be the same for the quiet time, twice at least", () => {
  fc.assert(
    fc.property(looks, (all) => {
      let [state, now]: [Settling, number] = [unseen, 0];
      const seen: { at: number; digest: string | undefined }[] = [];
      for (const { afterMs, digest } of all) {
        now += afterMs;
        state = settle(state, digest, now);
        seen.push({ at: now, digest });
        const others = seen.findLastIndex((each) => each.digest !== digest);
        const same = seen.slice(others + 1);
        const isWhole = digest !== undefined && same.length >= 2 && now - same[0]!.at >= quietMs;
        expect(isSettled(state, now, quietMs)).toBe(isWhole);
      }
    }),
  );
});

test("time alone makes nothing whole", () => {
  const once = settle(unseen, "a", 0);
  expect(isSettled(once, 1_000_000, quietMs)).toBe(false);
});
