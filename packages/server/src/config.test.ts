import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";

/** The name of the setting that is refused. */
function refused(environment: Readonly<Record<string, string>>): unknown {
  try {
    parseConfig(environment);
  } catch (error) {
    return KeepsakeError.is(error, "base.invalid") ? error.details["name"] : error;
  }
  return undefined;
}

test("an empty environment listens on this machine only, and takes members by invitation", () => {
  expect(parseConfig({})).toMatchObject({
    host: "127.0.0.1",
    port: 7430,
    stopWithinMs: 20_000,
    data: "keepsake-data",
    secretsFile: join("keepsake-data", "secrets.json"),
    dayKeys: join("keepsake-data", "day-keys"),
    backupDays: 30,
    signUp: "invitation",
    behindProxy: false,
  });
  expect(parseConfig({ KEEPSAKE_HOST: "", KEEPSAKE_PORT: "" })).toEqual(parseConfig({}));
});

test("what is set is taken", () => {
  const environment = {
    KEEPSAKE_HOST: "::",
    KEEPSAKE_PORT: "0",
    KEEPSAKE_STOP_MS: "500",
    KEEPSAKE_PUBLIC_URL: "https://keep.example/",
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_REQUESTS_PER_ADDRESS: "10",
  };
  expect(parseConfig(environment)).toMatchObject({
    host: "::",
    port: 0,
    stopWithinMs: 500,
    publicUrl: "https://keep.example",
    signUp: "open",
    addressRate: { perSecond: 10, burst: 40 },
  });
});

test.each(["65536", "-1", "80.5", "http", "1e3", " 80", "0x50", "99999999999"])("%j is no port", (port) => {
  expect(refused({ KEEPSAKE_PORT: port })).toBe("KEEPSAKE_PORT");
});

test("servers that share a database are told where their day keys lie", () => {
  const shared = { KEEPSAKE_POSTGRES: "postgres://a/b" };
  expect(refused(shared)).toBe("KEEPSAKE_DAY_KEYS");
  expect(parseConfig({ ...shared, KEEPSAKE_DAY_KEYS: "/keys" })).toMatchObject({ dayKeys: "/keys" });
});

test.each([
  ["KEEPSAKE_PUBLIC_URL", "ftp://a"],
  ["KEEPSAKE_PUBLIC_URL", "https://a/?b"],
  ["KEEPSAKE_SIGN_UP", "yes"],
  ["KEEPSAKE_STOP_MS", "20001"],
  ["KEEPSAKE_REQUESTS_PER_MEMBER", "0"],
  ["KEEPSAKE_CONFIG_FILE", "/nowhere/at/all.json"],
])("%s is not %s", (name, value) => {
  expect(refused({ [name]: value })).toBe(name);
});

test("a file holds what the environment does not say, under the same names", () => {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-config-"));
  const file = join(folder, "server.json");
  try {
    writeFileSync(file, JSON.stringify({ KEEPSAKE_PORT: 8000, KEEPSAKE_HOST: "10.0.0.1" }));
    const environment = { KEEPSAKE_CONFIG_FILE: file, KEEPSAKE_PORT: "9000" };
    expect(parseConfig(environment)).toMatchObject({ port: 9000, host: "10.0.0.1" });
    writeFileSync(file, JSON.stringify({ port: 8000 }));
    expect(refused({ KEEPSAKE_CONFIG_FILE: file })).toBe("KEEPSAKE_CONFIG_FILE");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ["KEEPSAKE_PAYMENTS", "payments.json"],
  ["KEEPSAKE_HOST", "0.0.0.0"],
  ["KEEPSAKE_PUBLIC_URL", "https://keep.example"],
  ["KEEPSAKE_BEHIND_PROXY", "yes"],
])("nothing is bought for nothing where %s says that others come", (name, value) => {
  expect(parseConfig({ KEEPSAKE_PAYMENTS_TEST: "yes" })).toMatchObject({ isPaymentsTest: true });
  expect(parseConfig({ [name]: value })).toMatchObject({ isPaymentsTest: false });
  expect(refused({ KEEPSAKE_PAYMENTS_TEST: "yes", [name]: value })).toBe("KEEPSAKE_PAYMENTS_TEST");
});

test.each(["http://localhost:7430", "http://127.0.0.1:7430", "http://[::1]:7430"])(
  "at %s things can be bought as a test",
  (url) => {
    const settings = { KEEPSAKE_PAYMENTS_TEST: "yes", KEEPSAKE_PUBLIC_URL: url };
    expect(parseConfig(settings)).toMatchObject({ isPaymentsTest: true });
  },
);
