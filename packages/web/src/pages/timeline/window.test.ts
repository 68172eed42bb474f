import fc from "fast-check";
import { expect, test } from "vitest";
import type { Line, Stretch } from "../../worker/look/timeline.ts";
import { LineWindow, MOST_LINES, type LineSource } from "./window.ts";

/** A chat of so many messages, one a second. */
function chatOf(count: number): LineSource {
  const line = (i: number): Line => ({
    key: `0:${i}`,
    message: { chat: "c", kind: "text", time: { sent: i * 1000, precision: "s", zone: "utc" } },
    versions: 1,
    startsDay: i === 0,
    startsTurn: false,
  });
  const stretch = (from: number, until: number): Promise<Stretch> => {
    const [start, end] = [Math.max(0, from), Math.min(count, until)];
    const lines = Array.from({ length: Math.max(0, end - start) }, (_, i) => line(start + i));
    return Promise.resolve({ lines, isStart: start === 0, isEnd: end === count });
  };
  const placeOf = (key: string): number => Number(key.split(":")[1]);
  return {
    around(at, { before, after }) {
      const place = at === "end" ? count : "key" in at ? placeOf(at.key) : Math.ceil(at.timeMs / 1000);
      const inside = Math.min(count, place);
      return stretch(inside - before, inside + after);
    },
    before: (key, some) => stretch(placeOf(key) - some, placeOf(key)),
    after: (key, some) => stretch(placeOf(key) + 1, placeOf(key) + 1 + some),
  };
}

const placesOf = (window: LineWindow): number[] =>
  window.state.value.lines.map(({ key }) => Number(key.split(":")[1]));

test("a window has no gap and nothing twice, however it is moved, and stays small while it rests", async () => {
  const step = fc.oneof(
    fc.constant("up" as const),
    fc.constant("down" as const),
    fc.constant("end" as const),
    fc.nat(20_000),
    fc.record({ first: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20_000 }),
      fc.array(step, { maxLength: 60 }),
      async (count, steps) => {
        const window = new LineWindow(chatOf(count));
        await window.show("end");
        for (const each of steps) {
          if (each === "up") await window.growUp();
          else if (each === "down") await window.growDown();
          else if (each === "end") await window.show("end");
          else if (typeof each === "number") await window.show({ timeMs: each * 1000 });
          else {
            const { length } = window.state.value.lines;
            const first = Math.floor(each.first * (length - 1));
            const seen = window.state.value.lines.slice(first, first + 10).map(({ key }) => key);
            window.rest(first, Math.min(length - 1, first + 10));
            const kept = new Set(window.state.value.lines.map(({ key }) => key));
            expect(seen.every((key) => kept.has(key))).toBe(true);
            expect(kept.size).toBeLessThanOrEqual(MOST_LINES + 400);
          }
          const places = placesOf(window);
          expect(places).toEqual(Array.from({ length: places.length }, (_, i) => places[0]! + i));
          const { isStart, isEnd } = window.state.value;
          if (isStart) expect(places[0]).toBe(0);
          if (isEnd) expect(places.at(-1)).toBe(count - 1);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("what was under way when another place was chosen is dropped", async () => {
  const window = new LineWindow(chatOf(10_000));
  await window.show("end");
  const growing = window.growUp();
  await window.show({ timeMs: 5_000_000 });
  await growing;
  const places = placesOf(window);
  expect(places).toEqual(Array.from({ length: places.length }, (_, i) => places[0]! + i));
  expect(places).toContain(5000);
  expect(window.state.value.lines[window.state.value.target]?.message.time.sent).toBe(5_000_000);
});
