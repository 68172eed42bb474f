import { expect, test } from "vitest";
import type { State } from "../kept/state.ts";
import { withoutFuture } from "./ahead.ts";
import { newCopy } from "./care.ts";
import { recorded } from "./record.ts";
import { dueReminders } from "./remind.ts";
import { nextDueAt, nextWork } from "./work.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2026, 0, 1);
const wrong = now + 1000 * day;
const phone = { name: "phone", path: "/media/phone" };
const [backup, place] = [{ work: "backup", source: phone, seen: "a" } as const, "/media/vault"];

/** The state after a round at a time that a wrong clock said. */
function after(work: Parameters<typeof recorded>[1], code: string): State {
  const state = { sources: {}, copies: { [place]: newCopy(now - day) } };
  return recorded(state, work, { beganAt: wrong, endedAt: wrong + hour, code });
}

function wanted(seen: string): Parameters<typeof nextWork>[0] {
  return { sources: [{ source: phone, seen }], copies: [], resumedAt: 0 };
}

test("a clock that went ahead and came back puts off no backup for long", () => {
  const good = after(backup, "done");
  expect(nextWork(wanted("b"), good, now + day)).toBeUndefined();
  expect(nextWork(wanted("b"), withoutFuture(good, now), now + hour)).toMatchObject({ work: "backup" });
  const failed = withoutFuture(after(backup, "store.unavailable"), now);
  expect(nextDueAt(wanted("a"), failed)).toBeLessThanOrEqual(now + hour);
});

test("and neither care nor reminders", () => {
  const care = { sources: [], copies: [place], resumedAt: 0 };
  const checked = withoutFuture(after({ work: "check", place, share: 3 }, "done"), now);
  const rehearsed = withoutFuture(after({ work: "rehearse", place }, "done"), now);
  expect(nextWork(care, checked, now)).toMatchObject({ work: "rehearse" });
  const both = { ...rehearsed, copies: { [place]: { ...checked.copies[place]!, rehearsedAt: now } } };
  expect(nextWork(care, both, now + day)).toMatchObject({ work: "check" });
  const config = {
    sources: [phone],
    isPausedOnBattery: true,
    isPausedOnMetered: true,
    quietSeconds: 1,
    lookSeconds: 1,
    stalledMinutes: 120,
    remindAfterDays: 7,
  };
  const good = withoutFuture(after(backup, "done"), now);
  expect(dueReminders(config, good, now + 6 * day)).toEqual([]);
  expect(dueReminders(config, good, now + 7 * day)).toEqual(["phone"]);
});

test("times that lie behind stay what they are", () => {
  const state = after(backup, "done");
  expect(withoutFuture(state, wrong + day)).toEqual(state);
});
