import fc from "fast-check";
import { expect, test } from "vitest";
import { daysOf, isInOrder, LinesBackwards, type Lines, type Stretch } from "./backwards.ts";
import { compareRows } from "./order.ts";
import type { MessageRow, Placed } from "./row.ts";
import type { Segment } from "./segment.ts";

const DAY_MS = 86_400_000;

function row(sent: number, leaf: number): Placed<MessageRow> {
  const message = { id: String(leaf), chat: "a:b:c", kind: "text", time: { sent } };
  return { message, run: "1", leaf } as unknown as Placed<MessageRow>;
}

function segmentOf(rows: readonly Placed<MessageRow>[]): Segment {
  const times = rows.map(({ message }) => message.time.sent);
  const place = (sent: number): readonly unknown[] | null => (rows.length === 0 ? null : [sent]);
  return { first: place(Math.min(...times)), last: place(Math.max(...times)) } as unknown as Segment;
}

interface RowLines extends Lines {
  readonly rows: readonly Placed<MessageRow>[];
}

function linesOf(some: readonly Placed<MessageRow>[], segment?: Segment): RowLines {
  const rows = some.toSorted(compareRows);
  return { rows, segment, times: Float64Array.from(rows, ({ message }) => message.time.sent) };
}

function rowsOfDays(stretches: readonly Stretch<RowLines>[]): Placed<MessageRow>[] {
  return [...daysOf(stretches)].flatMap((day) => {
    const rows = day.flatMap(({ lines, from, until }) => lines.rows.slice(from, until));
    const sorted = rows.toSorted(compareRows);
    expect(new Set(daysIn(rows)).size).toBe(1);
    if (isInOrder(day)) expect(rows).toEqual(sorted);
    return sorted;
  });
}

const daysIn = (rows: readonly Placed<MessageRow>[]): number[] =>
  rows.map(({ message }) => Math.floor(message.time.sent / DAY_MS));

test("every row comes once, in whole days, the newest first, however segments lie over each other", () => {
  const placed = fc.record({ sent: fc.integer({ min: -20, max: 40 }), segment: fc.nat(7), part: fc.nat(7) });
  const property = fc.property(fc.array(placed, { maxLength: 60 }), fc.array(fc.nat(3)), (places, counts) => {
    const all = places.map(({ sent, part }, leaf) => row((sent + part / 8) * (DAY_MS / 4), leaf));
    const groups = Map.groupBy(all.keys(), (at) => places[at]!.segment);
    const loose = (groups.get(0) ?? []).map((at) => all[at]!);
    groups.delete(0);
    const rowsOf = new Map(
      [...groups.values()].map((some) => {
        const rows = some.map((at) => all[at]!);
        return [segmentOf(rows), rows] as const;
      }),
    );
    const backwards = new LinesBackwards([...rowsOf.keys(), segmentOf([])], linesOf(loose));
    const given = [rowsOfDays(backwards.take([]))];
    let left = rowsOf.size;
    for (let i = 0; backwards.untilAfter(0) > -Infinity; i++) {
      const next = backwards.next(Math.min(1 + (counts[i] ?? 0), left));
      left -= next.length;
      given.push(rowsOfDays(backwards.take(next.map((segment) => linesOf(rowsOf.get(segment)!, segment)))));
    }
    expect(given.toReversed().flat()).toEqual(all.toSorted(compareRows));
    const days = given.map((rows) => new Set(daysIn(rows)));
    for (const [i, some] of days.entries())
      for (const later of days.slice(i + 1)) expect([...some].filter((day) => later.has(day))).toEqual([]);
  });
  fc.assert(property, { numRuns: 300 });
});
