import { expect, test } from "vitest";
import { dayOfBooks, minorTyped, typedCount, typedMinor } from "./amounts.ts";

test("amounts are read to the last cent, and nothing else is", () => {
  expect(["80", "80.5", " 0.08 ", "1234567.89"].map(typedMinor)).toEqual([8_000, 8_050, 8, 123_456_789]);
  for (const text of ["", "-1", "1e3", "1.234", "12345678", "0x10", "八十", "1,000"])
    expect(typedMinor(text)).toBeUndefined();
  for (const amount of [0, 1, 99, 100, 10_667]) expect(typedMinor(minorTyped(amount))).toBe(amount);
});

test("counts are read as people write them, within their bounds", () => {
  expect(typedCount("1,250,000,000", 1, 8e9)).toBe(1_250_000_000);
  expect(["0", "1001", "", "1.5", "-3"].map((text) => typedCount(text, 1, 1000))).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test("days are those of the books", () => {
  expect([dayOfBooks(0), dayOfBooks(20_878)]).toEqual(["1970-01-01", "2027-03-01"]);
});
