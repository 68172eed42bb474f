import { expect, test } from "vitest";
import type { Piece } from "./blocks.ts";
import { partsOf } from "./parts.ts";

const MANY = 200_000;

function piece(place: number, more: Partial<Piece> = {}): Piece {
  const time = { first: place * 10, last: place * 10 + 5 };
  return { database: "MM.sqlite", numbers: [place, place], rows: 1, ...time, isSame: true, ...more };
}

test("very many pieces that share their time are one stretch", () => {
  const pieces = Array.from({ length: MANY }, (_, place) => piece(place, { first: 0 }));
  expect(partsOf(pieces)).toEqual([{ from: 0, until: MANY * 10 - 5, messages: MANY }]);
});

test("very many pieces that changed are read in one, in time that grows with their number alone", () => {
  const pieces = Array.from({ length: MANY }, (_, place) => piece(place, { isSame: false }));
  expect(partsOf(pieces)).toEqual([pieces]);
}, 10_000);

test("what is between two stretches parts them", () => {
  const pieces = [0, 1, 2, 3].map((place) => piece(place, { isSame: place !== 2 }));
  expect(partsOf(pieces)).toEqual([
    { from: 0, until: 15, messages: 2 },
    [pieces[2]],
    { from: 30, until: 35, messages: 1 },
  ]);
});
