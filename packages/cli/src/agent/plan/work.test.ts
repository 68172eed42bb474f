import { describe, expect, test } from "vitest";
import { newCopy } from "./care.ts";
import { recorded } from "./record.ts";
import type { RoundEnd, State } from "../kept/state.ts";
import { nextDueAt, nextWork, type Work } from "./work.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 0, 1);
const phone = { name: "phone", path: "/media/phone" };
const tablet = { name: "tablet", path: "/media/tablet" };

const nothing: State = { sources: {}, copies: {} };

function end(code: string, at: number, more: Partial<RoundEnd> = {}): RoundEnd {
  return { beganAt: at, endedAt: at + minute, code, ...more };
}

function wanted(seen: string | undefined): {
  sources: { source: typeof phone; seen: string | undefined }[];
  copies: [];
  resumedAt: number;
} {
  return { sources: [{ source: phone, seen }], copies: [], resumedAt: 0 };
}

function after(state: State, code: string, at: number, more: Partial<RoundEnd> = {}): State {
  const work: Work = { work: "backup", source: phone, seen: "a" };
  return recorded(state, work, end(code, at, more));
}

describe("a backup", () => {
  test("is due for what has not been stored as it lies there, and only for that", () => {
    expect(nextWork(wanted(undefined), nothing, start)).toBeUndefined();
    expect(nextWork(wanted("a"), nothing, start)).toMatchObject({ work: "backup", seen: "a" });
    const stored = after(nothing, "done", start);
    expect(nextWork(wanted("a"), stored, start + 10 * day)).toBeUndefined();
    expect(nextDueAt(wanted("a"), stored)).toBe(Infinity);
    expect(nextWork(wanted("b"), stored, start + day)).toMatchObject({ seen: "b" });
  });

  test("of a source that goes on changing waits five times as long as the last one took", () => {
    const stored = after(nothing, "done", start);
    expect(nextWork(wanted("b"), stored, start + 2 * minute)).toBeUndefined();
    expect(nextDueAt(wanted("b"), stored)).toBe(start + 6 * minute);
    expect(nextWork(wanted("b"), stored, start + 6 * minute)).toBeDefined();
  });

  test("that failed is tried again later and later, until it goes well", () => {
    let state = nothing;
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const at = Math.max(start, nextDueAt(wanted("a"), state));
      expect(nextWork(wanted("a"), state, at)).toBeDefined();
      state = after(state, "store.unavailable", at);
      waits.push((nextDueAt(wanted("a"), state) - at - minute) / minute);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(nextWork(wanted("b"), state, start)).toBeDefined();
    state = after(state, "done", start + day);
    expect(state.sources["phone"]).toMatchObject({ failures: 0, goodAt: start + day });
    expect(state.sources["phone"]?.retryAt).toBeUndefined();
  });

  test("that only the person can put right waits until something else lies there, or the person goes on", () => {
    for (const [code, more] of [
      ["format.wrong-password", {}],
      ["format.no-account-chosen", {}],
      ["cli.partly", { isShrunk: true }],
    ] as const) {
      const state = after(nothing, code, start, more);
      expect(nextWork(wanted("a"), state, start + 100 * day)).toBeUndefined();
      expect(nextWork(wanted("b"), state, start + day)).toBeDefined();
      const resumed = (resumedAt: number) => ({ ...wanted("a"), resumedAt });
      expect(nextWork(resumed(start), state, start + day)).toBeUndefined();
      expect(nextWork(resumed(start + day), state, start + day)).toBeDefined();
    }
  });

  test("that was stopped is due as before", () => {
    const failed = after(nothing, "store.unavailable", start);
    expect(after(failed, "base.aborted", start + day)).toEqual(failed);
    expect(nextWork(wanted("a"), after(nothing, "base.aborted", start), start)).toBeDefined();
  });
});

describe("care", () => {
  const copies = ["/media/vault"];
  const state: State = { sources: {}, copies: { "/media/vault": newCopy(start) } };

  test("comes after what is new, a share first and then the rehearsal", () => {
    const all = { sources: [{ source: tablet, seen: "a" }], copies, resumedAt: 0 };
    expect(nextWork(all, state, start)).toMatchObject({ work: "backup" });
    const check = nextWork({ sources: [], copies, resumedAt: 0 }, state, start)!;
    expect(check).toMatchObject({ work: "check", share: 0 });
    const checked = recorded(state, check, end("done", start));
    const rehearse = nextWork({ sources: [], copies, resumedAt: 0 }, checked, start)!;
    expect(rehearse).toMatchObject({ work: "rehearse" });
    const rehearsed = recorded(checked, rehearse, end("done", start));
    expect(nextWork({ sources: [], copies, resumedAt: 0 }, rehearsed, start + minute)).toBeUndefined();
    expect(nextDueAt({ sources: [], copies, resumedAt: 0 }, rehearsed)).toBe(start + day);
  });

  test("of a copy that cannot be read is tried again later, and damage is a result", () => {
    const check: Work = { work: "check", place: "/media/vault", share: 0 };
    const away = recorded(state, check, end("store.unavailable", start));
    expect(nextDueAt({ sources: [], copies, resumedAt: 0 }, away)).toBe(start + 2 * minute);
    const damaged = recorded(state, check, end("vault.corrupt", start));
    expect(damaged.copies["/media/vault"]).toMatchObject({ damaged: [0], failures: 0 });
    // So are files that the server says it removed.
    const gone = recorded(state, check, end("cli.partly", start));
    expect(gone.copies["/media/vault"]).toMatchObject({ damaged: [0], failures: 0 });
    const again = nextWork({ sources: [], copies, resumedAt: 0 }, { ...damaged }, start + day);
    expect(again).toMatchObject({ work: "check", share: 1 });
    const whole = recorded(damaged, check, end("done", start + day));
    expect(whole.copies["/media/vault"]).toMatchObject({ damaged: [] });
  });
});
