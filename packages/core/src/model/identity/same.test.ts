import { expect, test } from "vitest";
import fc from "fast-check";
import { recordSet, type SeenRecord } from "./record.ts";
import { anyRecords, exported, record, said } from "../../../testing/history/any-records.ts";
import { sameMessages } from "./same.ts";

const digests = (groups: readonly (readonly SeenRecord[])[]): string[][] =>
  groups.map((group) => group.map((one) => one.digest));

const grouped = (...records: readonly SeenRecord[]): number[] =>
  sameMessages(recordSet(records).values()).map((group) => group.length);

const id = (value: string, scheme = "wechat.server"): { scheme: string; value: string } => ({
  scheme,
  value,
});

test("the order in which records came does not matter", () => {
  const shuffledTwice = anyRecords
    .map((records) => [...recordSet(records).values()])
    .chain((records) => {
      const all = { minLength: records.length, maxLength: records.length };
      return fc.tuple(fc.constant(records), fc.shuffledSubarray(records, all));
    });
  fc.assert(
    fc.property(shuffledTwice, ([records, shuffled]) => {
      expect(digests(sameMessages(shuffled))).toEqual(digests(sameMessages(records)));
    }),
  );
});

test("every record is in one group", () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      const set = recordSet(records);
      expect(digests(sameMessages(set.values())).flat().sort()).toEqual([...set.keys()].sort());
    }),
  );
});

test("records without native ids never bring two messages with native ids together", () => {
  const withIds = fc.uniqueArray(fc.integer({ min: 0, max: 120_000 }), { maxLength: 6 });
  fc.assert(
    fc.property(withIds, anyRecords, (times, records) => {
      const known = times.map((sent, i) => record(said("好的", sent, { nativeIds: [id(`k${i}`)] })));
      const rest = records.filter((one) => one.message.nativeIds === undefined);
      for (const group of sameMessages(recordSet([...known, ...rest]).values())) {
        expect(group.filter((one) => one.message.nativeIds !== undefined).length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("exports of one conversation at any precision give its messages, each once", () => {
  const conversation = fc.array(
    fc.tuple(fc.constantFrom("好的", "ok"), fc.integer({ min: 0, max: 200_000 })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      conversation,
      fc.shuffledSubarray(["ms", "s", "min", "day"] as const, { minLength: 1 }),
      (texts, kinds) => {
        const records = kinds.flatMap((precision) => exported(texts, precision));
        expect(sameMessages(recordSet(records).values()).length).toBe(texts.length);
      },
    ),
  );
});

test("an export with ids and one without give the messages of the conversation, each once", () => {
  const conversation = fc.array(
    fc.tuple(fc.constantFrom("好的", "ok"), fc.integer({ min: 0, max: 200_000 })),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(conversation, fc.constantFrom("ms", "s", "min"), (texts, precision) => {
      const withIds = texts.map(([text, sent], i) =>
        record(said(text, sent, { nativeIds: [id(String(i))] })),
      );
      const records = [...withIds, ...exported(texts, precision)];
      expect(sameMessages(recordSet(records).values()).length).toBe(texts.length);
    }),
  );
});

test("two equal words in one minute stay two", () => {
  const twice = exported(
    [
      ["好的", 1_000],
      ["好的", 40_000],
    ],
    "min",
  );
  expect(grouped(...twice)).toEqual([1, 1]);
  expect(
    grouped(
      ...twice,
      ...exported(
        [
          ["好的", 1_000],
          ["好的", 40_000],
        ],
        "s",
      ),
    ),
  ).toEqual([2, 2]);
});

test("native ids connect over a record that has both", () => {
  const phone = record(said("a", 1, { nativeIds: [id("1")] }));
  const computer = record(said("b", 2, { nativeIds: [id("9", "wechat.local")] }));
  const both = record(said("c", 3, { nativeIds: [id("1"), id("9", "wechat.local")] }));
  expect(grouped(phone, computer)).toEqual([1, 1]);
  expect(grouped(phone, computer, both)).toEqual([3]);
});

test("equal ids of two schemes are two messages", () => {
  expect(
    grouped(
      record(said("a", 1, { nativeIds: [id("1")] })),
      record(said("a", 1, { nativeIds: [id("1", "x")] })),
    ),
  ).toEqual([1, 1]);
});

test("a wall clock is not held against an instant", () => {
  const local = said("ok", 0, { time: { sent: 0, precision: "min", zone: "floating" } });
  expect(grouped(record(said("ok", 0)), record(local))).toEqual([1, 1]);
});

test("a hundred thousand equal words in one day are grouped in time", () => {
  const flood = Array.from({ length: 50_000 }, (_, i) =>
    record(said("哈", i, { precision: "day", ordinal: i })),
  );
  const fine = Array.from({ length: 50_000 }, (_, i) => record(said("哈", i)));
  expect(sameMessages([...flood, ...fine]).length).toBe(50_000);
});
