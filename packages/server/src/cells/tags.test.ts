import fc from "fast-check";
import { expect, test } from "vitest";
import { randomId, randomToken } from "../keys/ids.ts";
import {
  cellOfHandle,
  cellOfId,
  cellOfInvitation,
  handleIn,
  idIn,
  invitationMark,
  MOST_CELLS,
  tagged,
  untagged,
} from "./tags.ts";

const cell = fc.integer({ min: 0, max: MOST_CELLS - 1 });
const base64url = fc
  .base64String({ minLength: 4, maxLength: 200 })
  .map((text) => Buffer.from(`${text}aaa`, "base64").toString("base64url"));
const letters = fc.string({
  unit: fc.constantFrom(..."0123456789abcdefghijklmnopqrstuv"),
  minLength: 20,
  maxLength: 20,
});
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

test("what a cell gives out says that cell, whatever it is", () => {
  fc.assert(
    fc.property(cell, base64url, letters, hash, (number, text, code, bytes) => {
      expect(cellOfId(idIn(number))).toBe(number);
      expect(untagged(tagged(number, text))).toEqual({ cell: number, text });
      expect(cellOfInvitation(invitationMark(number) + code)).toBe(number);
      expect(cellOfHandle(Buffer.from(handleIn(number, bytes)).toString("base64url"))).toBe(number);
    }),
  );
});

test("what a lone server gives out is as it always was, and is cell 0's", () => {
  expect(idIn(0)).toMatch(/^[0-9a-v]{26}$/);
  expect(cellOfId(randomId())).toBe(0);
  const token = randomToken();
  expect(tagged(0, token)).toBe(token);
  expect(untagged(token)).toEqual({ cell: 0, text: token });
  expect(handleIn(0, new Uint8Array(32))).toHaveLength(32);
});

test("an invitation's cell does not hang on how a person types it", () => {
  fc.assert(
    fc.property(cell, letters, fc.boolean(), (number, code, isLoud) => {
      const whole = invitationMark(number) + code;
      const typed = whole.replace(/(.{1,5})/g, " $1-");
      expect(cellOfInvitation(isLoud ? typed.toUpperCase() : typed)).toBe(number);
    }),
  );
});

test("what is no id, token or ticket has no cell, and nothing has one that cannot be", () => {
  for (const text of ["", "z", "zz".padEnd(26, "0"), "w".padEnd(26, "0"), "0".repeat(27)])
    expect(cellOfId(text)).toBeUndefined();
  for (const text of ["", ".", "1.a", "zz.a", "01.", "01.a.b", "01.a b"])
    expect(untagged(text)).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      for (const found of [cellOfId(text), untagged(text)?.cell, cellOfInvitation(text), cellOfHandle(text)])
        expect(found === undefined || (found >= 0 && found < MOST_CELLS)).toBe(true);
    }),
  );
});
