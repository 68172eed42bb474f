import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unitFor, type Launch, type Seat } from "./unit.ts";

const launch: Launch = {
  words: ["/opt/node/bin/node", "/home/li/Keepsake & Co/100%/main.ts", "agent", "run", "--lang=zh"],
  env: { KEEPSAKE_CONFIG: "/home/li/my config", NODE_COMPILE_CACHE: "/home/li/.cache/keepsake/code" },
};
const seat: Seat = { home: "/home/li", uid: 501, folder: "/home/li/my config/agent", env: {} };
const windowsSeat: Seat = {
  ...seat,
  folder: String.raw`C:\Users\li\AppData\Roaming\Keepsake\agent`,
  env: { USERDOMAIN: "DESK", USERNAME: "li" },
};

test("on Linux it is a user unit of systemd", () => {
  expect(unitFor("linux", launch, seat)).toMatchSnapshot();
  const elsewhere = unitFor("linux", launch, { ...seat, env: { XDG_CONFIG_HOME: "/home/li/etc" } });
  expect(elsewhere?.files[0]?.path).toBe("/home/li/etc/systemd/user/keepsake-agent.service");
});

test("on a Mac it is a property list of launchd", () => {
  expect(unitFor("darwin", launch, seat)).toMatchSnapshot();
});

test("on Windows it is a task", () => {
  const node = String.raw`C:\Program Files\nodejs\node.exe`;
  const main = String.raw`C:\Keepsake\100% mine\main.ts`;
  const unit = unitFor("win32", { ...launch, words: [node, main, "agent", "run"] }, windowsSeat);
  expect(unit).toMatchSnapshot();
  expect(unit?.files.map(({ encoding }) => encoding)).toEqual(["utf16le", "utf8"]);
});

test("where the scheduler is not known there is none", () => {
  expect(unitFor("aix", launch, seat)).toBeUndefined();
});

const analyze = "systemd-analyze";
const hasAnalyze = spawnSync(analyze, ["--version"]).status === 0;

test.skipIf(!hasAnalyze)("systemd finds nothing wrong with the unit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keepsake unit-"));
  try {
    const main = join(folder, "100% $HOME main.mjs");
    await writeFile(main, "");
    const [file] = unitFor(
      "linux",
      { ...launch, words: [process.execPath, main, "agent", "run"] },
      seat,
    )!.files;
    const path = join(folder, "keepsake-agent.service");
    await writeFile(path, file!.text);
    const said = execFileSync(analyze, ["verify", "--user", "--man=no", path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder },
    });
    expect(said).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});
