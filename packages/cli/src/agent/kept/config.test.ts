import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkConfig, defaults, readConfig, writeConfig } from "./config.ts";

const phone = { name: "phone", path: "/media/phone" };

test("what the file leaves out has its default", () => {
  expect(checkConfig({})).toEqual({ config: defaults, findings: [] });
  const { config } = checkConfig({ sources: [phone], hours: "22:00-07:00", bytesPerSecond: 500_000 });
  expect(config).toMatchObject({
    sources: [phone],
    hours: { from: 1320, until: 420 },
    bytesPerSecond: 500_000,
  });
});

test("unknown keys are found, and change nothing", () => {
  const { config, findings } = checkConfig({ hour: "22:00-07:00", sources: [{ ...phone, "/home/li": 1 }] });
  expect(config).toMatchObject({ sources: [phone] });
  expect(findings).toEqual([
    { code: "agent.unknown-key", severity: "warning", where: "hour" },
    { code: "agent.unknown-key", severity: "warning", where: "sources[0].…" },
  ]);
});

test("every wrong value is found, by its place", () => {
  const wrong: readonly (readonly [json: unknown, where: string])[] = [
    [null, "the file"],
    [[], "the file"],
    [{ sources: "x" }, "sources"],
    [{ sources: [1] }, "sources[0]"],
    [{ sources: [{ path: "/x" }] }, "sources[0].name"],
    [{ sources: [{ name: "x" }] }, "sources[0].path"],
    [{ sources: [phone, phone] }, "sources[1].name"],
    [{ sources: [{ ...phone, me: 5 }] }, "sources[0].me"],
    [{ hours: "22-7" }, "hours"],
    [{ bytesPerSecond: 10 }, "bytesPerSecond"],
    [{ isPausedOnBattery: "yes" }, "isPausedOnBattery"],
    [{ quietSeconds: 0 }, "quietSeconds"],
    [{ stalledMinutes: 0 }, "stalledMinutes"],
    [{ stalledMinutes: 600_000 }, "stalledMinutes"],
    [{ remindAfterDays: -1 }, "remindAfterDays"],
  ];
  for (const [json, where] of wrong) {
    const { config, findings } = checkConfig(json);
    expect(config).toBeUndefined();
    expect(findings).toContainEqual({ code: "agent.wrong-value", severity: "error", where });
  }
});

test("the file is the owner's alone, and a wrong one says where it is wrong", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-config-"));
  const env = { KEEPSAKE_CONFIG: folder };
  const path = join(folder, "agent", "config.json");
  try {
    expect((await readConfig(env)).config).toEqual(defaults);
    await writeConfig(env, { sources: [phone], hours: "22:00-07:00" });
    expect((await stat(path)).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o600);
    expect((await readConfig(env)).config.hours).toEqual({ from: 1320, until: 420 });
    const before = await readFile(path, "utf8");
    const bad = { code: "agent.bad-config", details: { where: "hours" } };
    await expect(writeConfig(env, { hours: "always" })).rejects.toMatchObject(bad);
    expect(await readFile(path, "utf8")).toBe(before);
    await writeFile(path, before.replace("22:00", "nights"));
    await expect(readConfig(env)).rejects.toMatchObject(bad);
    await writeFile(path, before.slice(0, 30));
    await expect(readConfig(env)).rejects.toMatchObject({ details: { where: "the file" } });
  } finally {
    await rm(folder, { recursive: true });
  }
});
