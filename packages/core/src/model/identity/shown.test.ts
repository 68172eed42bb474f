import { expect, test } from "vitest";
import fc from "fast-check";
import type { SeenRecord } from "./record.ts";
import { anyRecords, record, said } from "../../../testing/history/any-records.ts";
import { compareShown, shownRecord } from "./shown.ts";

const some = anyRecords.filter((records) => records.length > 0);

test("what is shown does not hang on the order, and showing of parts is showing of the whole", () => {
  fc.assert(
    fc.property(some, some, (a, b) => {
      const whole = shownRecord([...a, ...b]);
      expect(compareShown(shownRecord([...b, ...a]), whole)).toBe(0);
      expect(compareShown(shownRecord([shownRecord(b), shownRecord(a)]), whole)).toBe(0);
    }),
  );
});

test("the order is total", () => {
  fc.assert(
    fc.property(some, (records) => {
      const sorted = [...records].sort(compareShown);
      for (const [i, a] of sorted.entries()) {
        for (const b of sorted.slice(i)) expect(compareShown(a, b)).toBeLessThanOrEqual(0);
      }
    }),
  );
});

test.each<[string, SeenRecord, SeenRecord]>([
  [
    "taken back stays taken back, whatever an older copy holds",
    record(said("secret", 1, { attachments: [{ state: "present" }], editedAt: 9 }), { asOf: 9 }),
    record(said("", 1, { kind: "deleted", deletion: { state: "revokedBySender" } }), { asOf: 1 }),
  ],
  ["the later edit", record(said("longer text", 1)), record(said("short", 1, { editedAt: 5 }))],
  [
    "a file that is there before one that was left out",
    record(said("x", 1, { attachments: [{ state: "omitted" }] }), { asOf: 9 }),
    record(said("x", 1, { attachments: [{ state: "present" }] })),
  ],
  ["the finer time", record(said("x", 1, { precision: "min" })), record(said("x", 1))],
  ["the kind that is known", record(said("x", 1, { kind: "unknown" })), record(said("x", 1))],
  [
    "the later reading where all else is equal, so that a message that came back is back",
    record(said("x", 1, { deletion: { state: "deletedLocally", contentRetained: true } }), { asOf: 1 }),
    record(said("x", 1), { asOf: 2 }),
  ],
])("shown is %s", (_, less, more) => {
  expect(shownRecord([less, more])).toBe(more);
  expect(shownRecord([more, less])).toBe(more);
});
