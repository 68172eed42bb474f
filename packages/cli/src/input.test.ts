import { KeepsakeError } from "@keepsake/core/base";
import { expect, test } from "vitest";
import { Input } from "./input.ts";

const input = (options: Record<string, unknown>): Input => new Input([], options);

function problemWith(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return KeepsakeError.is(error, "cli.usage") ? error.details : error;
  }
  return undefined;
}

test("days and times are read in the time of this machine", () => {
  expect(input({ from: "2024-05-01" }).time("from")).toBe(new Date(2024, 4, 1).getTime());
  expect(input({ from: "2024-05" }).time("from")).toBe(new Date(2024, 4, 1).getTime());
  expect(input({ from: "2024-05-01T18:30" }).time("from")).toBe(new Date(2024, 4, 1, 18, 30).getTime());
  expect(input({}).time("from")).toBeUndefined();
});

test("what is no day, number or known value is refused without being repeated", () => {
  for (const from of ["yesterday", "2024-13-01", "2024-02-31", ""]) {
    expect(problemWith(() => input({ from }).time("from"))).toEqual({
      option: "--from",
      problem: "not-a-date",
    });
  }
  for (const keepLast of ["-1", "1.5", "x", ""]) {
    expect(problemWith(() => input({ keepLast }).number("keepLast"))).toEqual({
      option: "--keep-last",
      problem: "not-a-number",
    });
  }
  expect(problemWith(() => input({ limit: "0" }).number("limit", 1))).toBeDefined();
  expect(problemWith(() => input({ level: "most" }).oneOf("level", ["full", "sample"]))).toEqual({
    option: "--level",
    problem: "not-one-of",
    known: "full, sample",
  });
  expect(problemWith(() => input({ kind: ["text", "photo"] }).someOf("kind", ["text", "image"]))).toEqual({
    option: "--kind",
    problem: "not-one-of",
    known: "text, image",
  });
  expect(problemWith(() => input({ accept: ["all"] }).someOf("accept", []))).toEqual({
    option: "--accept",
    problem: "not-taken",
  });
});
