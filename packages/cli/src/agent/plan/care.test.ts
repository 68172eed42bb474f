import fc from "fast-check";
import { expect, test } from "vitest";
import { dueShare, newCopy, rehearsalDueAt, SHARES, shareDueAt, wholeSince } from "./care.ts";
import type { CopyState } from "../kept/state.ts";

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 1);

/** Reads what is due whenever the machine is on, a look each hour. Returns what was read when. */
function live(hours: number, isOn: (hour: number) => boolean): { copy: CopyState; reads: number[][] } {
  let copy = newCopy(start);
  const reads: number[][] = Array.from({ length: SHARES }, () => []);
  for (let i = 0; i < hours; i++) {
    const now = start + i * hour;
    if (!isOn(i)) continue;
    for (let share = dueShare(copy, now); share !== undefined; share = dueShare(copy, now)) {
      copy = { ...copy, readAt: copy.readAt.with(share, now) };
      reads[share]!.push(i);
    }
  }
  return { copy, reads };
}

test("a machine that is always on reads one share a day, each every thirty days", () => {
  const { copy, reads } = live(24 * 90, () => true);
  for (const times of reads) {
    expect(times).toHaveLength(3);
    expect(times[0]!).toBeLessThan(24 * 30);
    expect(times[1]! - times[0]!).toBe(24 * 30);
  }
  expect(wholeSince(copy)).toBeGreaterThan(start + 59 * day);
});

test("after days on which the machine was off, what is older than thirty days is read at once", () => {
  const { reads } = live(24 * 120, (i) => i < 24 * 40 || i > 24 * 70);
  for (const times of reads)
    for (const [i, at] of times.entries()) {
      const before = i === 0 ? 0 : times[i - 1]!;
      const slept = before < 24 * 70 && at > 24 * 40 ? 30 * 24 : 0;
      expect(at - before).toBeLessThanOrEqual(24 * 30 + slept + 1);
    }
});

test("whenever the machine is on, no share is older than thirty days", () => {
  const parts = fc.array(fc.record({ isOn: fc.boolean(), hours: fc.integer({ min: 1, max: 24 * 20 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(parts, (all) => {
      const plan = all.flatMap(({ isOn, hours }) => Array.from({ length: hours }, () => isOn));
      const { copy } = live(plan.length, (i) => plan[i]!);
      if (plan.at(-1) !== true) return;
      const now = start + (plan.length - 1) * hour;
      for (const at of copy.readAt) expect(now - (at === 0 ? start : at)).toBeLessThanOrEqual(30 * day);
      expect(shareDueAt(copy)).toBeGreaterThan(now);
    }),
    { numRuns: 50 },
  );
});

test("a rehearsal is due at once, and then every week", () => {
  const copy = newCopy(start);
  expect(rehearsalDueAt(copy)).toBe(start);
  expect(rehearsalDueAt({ ...copy, rehearsedAt: start + day })).toBe(start + 8 * day);
});
