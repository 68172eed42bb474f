import { expect, test } from "vitest";
import { defaults } from "./kept/config.ts";
import type { State } from "./kept/state.ts";
import { reportOf } from "./report.ts";

const now = Date.UTC(2026, 0, 1);
const end = { beganAt: now - 2000, endedAt: now - 1000, code: "done" };
const source = { since: now - 5000, failures: 0, last: end, goodAt: end.beganAt };
const config = { ...defaults, sources: ["a", "b"].map((name) => ({ name, path: `/media/${name}` })) };
const state: State = { sources: { a: source, b: source }, copies: {}, silent: ["a"] };

test("a source whose disk does not answer is told, and the others stand as they do", () => {
  const { standing, sources } = reportOf({ config, state, isRunning: true, pause: undefined, now });
  expect(standing).toBe("trying");
  expect(sources).toMatchObject([
    { name: "a", standing: "trying", isSilent: true },
    { name: "b", standing: "good", isSilent: false },
  ]);
});

test("what an agent saw that runs no more says nothing of now", () => {
  const { sources } = reportOf({ config, state, isRunning: false, pause: undefined, now });
  expect(sources).toMatchObject([{ isSilent: false }, { isSilent: false }]);
});
