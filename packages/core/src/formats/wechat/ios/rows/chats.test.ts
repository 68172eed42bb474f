import { expect, test } from "vitest";
import { traceOf } from "./chats.ts";

test("a row of which the number is none, or too great to be told apart, cannot be remembered", () => {
  const traced = (number: bigint | null): number | undefined =>
    traceOf([number, 1n, 1_700_000_000n, 0n, 1n, "text"], new Map(), new Map())?.number;
  expect(traced(64n)).toBe(64);
  expect(traced(null)).toBeUndefined();
  expect(traced(2n ** 53n + 1n)).toBeUndefined();
});
