import { afterEach, expect, test, vi } from "vitest";
import { findChromium } from "./chromium.ts";

afterEach(() => vi.unstubAllEnvs());

test("$CHROMIUM_PATH goes before everything else", async () => {
  vi.stubEnv("CHROMIUM_PATH", process.execPath);
  expect(await findChromium({ install: false })).toEqual({ path: process.execPath, from: "$CHROMIUM_PATH" });
});

test("a $CHROMIUM_PATH that cannot be run is said, and nothing else is taken instead", async () => {
  vi.stubEnv("CHROMIUM_PATH", "/nowhere/chromium");
  expect(await findChromium({ install: true })).toEqual({
    missing: "$CHROMIUM_PATH names /nowhere/chromium, which cannot be run",
  });
});

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "without a system, npm has one",
  async () => {
    vi.stubEnv("CHROMIUM_PATH", "");
    vi.stubEnv("PATH", "");
    expect(await findChromium({ install: false })).toMatchObject({ from: "npm" });
  },
);
