import { expect, test } from "vitest";
import fc from "fast-check";
import { mergeSets, recordSet, withoutSource, type RecordSet } from "./record.ts";
import { anyRecords, anySet, record, said } from "../../../testing/history/any-records.ts";

const plain = (set: RecordSet): unknown => [...set.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));

test("merge is commutative", () => {
  fc.assert(
    fc.property(anySet, anySet, (a, b) => {
      expect(plain(mergeSets(a, b))).toEqual(plain(mergeSets(b, a)));
    }),
  );
});

test("merge is associative", () => {
  fc.assert(
    fc.property(anySet, anySet, anySet, (a, b, c) => {
      expect(plain(mergeSets(mergeSets(a, b), c))).toEqual(plain(mergeSets(a, mergeSets(b, c))));
    }),
  );
});

test("merge is idempotent", () => {
  fc.assert(
    fc.property(anySet, (a) => {
      expect(plain(mergeSets(a, a))).toEqual(plain(a));
    }),
  );
});

test("no record and no place where one was seen is lost", () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      const set = recordSet(records);
      for (const { digest, seen } of records) expect(set.get(digest)!.seen).toContainEqual(seen[0]);
    }),
  );
});

test("taking a source out undoes its merge", () => {
  fc.assert(
    fc.property(anyRecords, anyRecords, (ours, theirs) => {
      const without = ours.map((one) => ({ ...one, seen: [{ ...one.seen[0]!, source: "ours" }] }));
      const within = theirs.map((one) => ({ ...one, seen: [{ ...one.seen[0]!, source: "theirs" }] }));
      const undone = withoutSource(mergeSets(recordSet(without), recordSet(within)), "theirs");
      expect([...undone.keys()].sort()).toEqual([...recordSet(without).keys()].sort());
    }),
  );
});

test("of two exports that differ in residue alone the record that was seen first stays", () => {
  const first = record(said("ok", 1, { residue: { file: "b/1.json" } }), { asOf: 1 });
  const again = record(said("ok", 1, { residue: { file: "a/1.json" } }), { asOf: 2 });
  const merged = mergeSets(recordSet([again]), recordSet([first]));
  expect([...merged.values()].map((one) => one.message)).toEqual([first.message]);
});
