import { expect, test } from "vitest";
import fc from "fast-check";
import type { Account } from "../account.ts";
import type { Chat } from "../chat.ts";
import { describeAccount, describeChat, uniteVersions, type Version } from "./describe.ts";

const chat = (rest: Partial<Chat>): Chat => ({ id: "x:group:1", platform: "x", kind: "group", ...rest });
const account = (rest: Partial<Account>): Account => ({
  id: "x:uid:1",
  platform: "x",
  kind: "uid",
  value: "1",
  ...rest,
});

test("each field is as the latest source that has it says", () => {
  const versions = [
    { value: chat({ title: "new" }), asOf: 2 },
    { value: chat({ title: "old", description: "kept" }), asOf: 1 },
  ];
  expect(describeChat(versions)).toEqual(chat({ title: "new", description: "kept" }));
});

test("names, own accounts and members of all sources stay", () => {
  const known = describeAccount([
    { value: account({ names: [{ value: "小王", kind: "remark" }] }), asOf: 1 },
    { value: account({ names: [{ value: "Wang", kind: "display" }] }), asOf: 2 },
  ]);
  expect(known.names).toEqual([
    { value: "Wang", kind: "display" },
    { value: "小王", kind: "remark" },
  ]);
  const group = describeChat([
    { value: chat({ own: ["b"], members: [{ account: "1", title: "old" }, { account: "2" }] }), asOf: 1 },
    { value: chat({ own: ["a"], members: [{ account: "1", title: "new" }] }), asOf: 2 },
  ]);
  expect(group.own).toEqual(["a", "b"]);
  expect(group.members).toEqual([{ account: "1", title: "new" }, { account: "2" }]);
});

test("the description is a function of the set of versions", () => {
  const versions: fc.Arbitrary<Version<Chat>[]> = fc.array(
    fc.record({
      asOf: fc.integer({ min: 0, max: 3 }),
      value: fc
        .record(
          { title: fc.constantFrom("a", "b"), own: fc.uniqueArray(fc.constantFrom("1", "2")) },
          { requiredKeys: [] },
        )
        .map(chat),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(versions, versions, (a, b) => {
      expect(describeChat(uniteVersions(b, uniteVersions(a)))).toEqual(describeChat([...a, ...b, ...a]));
    }),
  );
});
