import fc from "fast-check";
import { expect, test } from "vitest";
import { looseRoom, SharedRoom, type Room } from "./room.ts";

const kinds = ["int32", "uint32", "uint16", "float64"] as const;
const asked = fc.array(
  fc.record({ kind: fc.constantFrom(...kinds), length: fc.oneof(fc.nat(9), fc.nat(90_000)) }),
  { maxLength: 12 },
);

function filled(room: Room, lists: readonly { kind: (typeof kinds)[number]; length: number }[]): unknown[] {
  const taken = lists.map(({ kind, length }, i) => room[kind](length).fill(i + 1));
  return taken.map((list) => [list.constructor.name, list.length, [...new Set(list)]]);
}

test("lists in one room lie apart, and in the same places once it is cleared", () => {
  const room = new SharedRoom();
  const property = fc.property(asked, asked, (first, second) => {
    for (const lists of [first, second, first]) {
      expect(filled(room, lists)).toEqual(filled(looseRoom, lists));
      room.clear();
    }
    const before = room.uint32(3).fill(7);
    room.clear();
    expect(room.uint32(3)).toEqual(before);
    room.clear();
  });
  fc.assert(property, { numRuns: 60 });
});
