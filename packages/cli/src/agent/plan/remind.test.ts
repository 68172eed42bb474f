import { expect, test } from "vitest";
import { defaults } from "../kept/config.ts";
import { dueReminders, overdue, withReminded } from "./remind.ts";
import type { State } from "../kept/state.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const config = { ...defaults, sources: [{ name: "phone", path: "/x" }] };

test("after seven days without a new backup there is one reminder a week, never a daily one", () => {
  let state: State = {
    sources: { phone: { since: start - 30 * day, goodAt: start, failures: 0 } },
    copies: {},
  };
  const remindedOn: number[] = [];
  for (let i = 0; i <= 30; i++) {
    const now = start + i * day;
    const names = dueReminders(config, state, now);
    if (names.length > 0) remindedOn.push(i);
    state = withReminded(state, names, now);
    expect(overdue(config, state, now)).toEqual(i < 7 ? [] : ["phone"]);
  }
  expect(remindedOn).toEqual([7, 14, 21, 28]);
});

test("a source that was never backed up counts from when the agent came to know it", () => {
  const state: State = { sources: { phone: { since: start, failures: 3 } }, copies: {} };
  expect(dueReminders(config, state, start + 6 * day)).toEqual([]);
  expect(dueReminders(config, state, start + 7 * day)).toEqual(["phone"]);
  expect(dueReminders({ ...config, remindAfterDays: 0 }, state, start + 70 * day)).toEqual([]);
  expect(dueReminders({ ...config, sources: [] }, state, start + 70 * day)).toEqual([]);
});
