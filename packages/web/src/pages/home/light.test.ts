import { expect, test } from "vitest";
import type { CareState } from "../../worker/act/care.ts";
import { checksOf } from "./light.ts";

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 10, 22);
const all: CareState = {
  messages: 10,
  attachments: 1,
  sources: 1,
  isSample: false,
  hasWords: false,
  isCardChanging: false,
  lastMessageMs: nowMs - DAY_MS,
  backedUpMs: nowMs - DAY_MS,
  wordsCheckedMs: nowMs - 300 * DAY_MS,
  rehearsedMs: nowMs - 80 * DAY_MS,
  copiedMs: nowMs - 80 * DAY_MS,
};
const states = (state: CareState): readonly string[] => checksOf(state, nowMs).map(({ state: each }) => each);

test("the light is green only where everything is right", () => {
  expect(states(all)).toEqual(["ok", "ok", "ok", "ok"]);
});

test.each(["backedUpMs", "wordsCheckedMs", "rehearsedMs", "copiedMs"] as const)(
  "without %s one is to be done, and after a while it is to be done again",
  (name) => {
    const { [name]: _, ...without } = all;
    expect(states(without).filter((each) => each !== "ok")).toEqual(["todo"]);
    expect(states({ ...all, [name]: nowMs - 400 * DAY_MS }).filter((each) => each !== "ok")).toEqual(["old"]);
  },
);

test.each(["hasWords", "isCardChanging"] as const)(
  "with %s the card is to be done, whatever was checked before",
  (name) => {
    expect(states({ ...all, [name]: true })).toEqual(["ok", "todo", "ok", "ok"]);
  },
);
