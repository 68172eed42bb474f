import { expect, test } from "vitest";
import { isForThePerson, retryDelayMs } from "./retry.ts";

test("waits a minute, then twice as long each time, an hour at most", () => {
  expect([1, 2, 3, 6, 7, 8, 5000].map((failures) => retryDelayMs(failures) / 60_000)).toEqual([
    1, 2, 4, 32, 60, 60, 60,
  ]);
});

test("what only the person can put right is not tried again", () => {
  for (const code of [
    "format.password-needed",
    "format.wrong-password",
    "format.no-account-chosen",
    "format.unknown-account",
    "format.unknown",
    "vault.rolled-back",
    "vault.revoked-device",
    "vault.newer-format",
    "cli.usage",
  ])
    expect([code, isForThePerson({ code })]).toEqual([code, true]);
  expect(isForThePerson({ code: "cli.partly", isShrunk: true })).toBe(true);
});

test("what passes by itself is", () => {
  for (const code of [
    "format.unfinished",
    "format.unreadable",
    "format.changing",
    "store.unavailable",
    "store.full",
    "vault.raced",
    "vault.not-found",
    "base.unexpected",
    "base.aborted",
    "something.newer",
  ])
    expect([code, isForThePerson({ code })]).toEqual([code, false]);
});
