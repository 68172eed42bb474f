import { KeepsakeError } from "@keepsake/core/base";
import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";

test("an empty environment listens on this machine only", () => {
  expect(parseConfig({})).toEqual({ host: "127.0.0.1", port: 7430, stopWithinMs: 20_000 });
  expect(parseConfig({ KEEPSAKE_HOST: "", KEEPSAKE_PORT: "" })).toEqual(parseConfig({}));
});

test("what is set is taken", () => {
  const environment = { KEEPSAKE_HOST: "::", KEEPSAKE_PORT: "0", KEEPSAKE_STOP_MS: "500" };
  expect(parseConfig(environment)).toEqual({ host: "::", port: 0, stopWithinMs: 500 });
});

test.each(["65536", "-1", "80.5", "http", "1e3", " 80", "0x50", "99999999999"])("%j is no port", (port) => {
  let thrown: unknown;
  try {
    parseConfig({ KEEPSAKE_PORT: port });
  } catch (error) {
    thrown = error;
  }
  expect(KeepsakeError.is(thrown, "base.invalid")).toBe(true);
  expect((thrown as KeepsakeError).details["name"]).toBe("KEEPSAKE_PORT");
});
