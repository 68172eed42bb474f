import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfig } from "../../packages/server/src/config.ts";
import { lookAtDayKeys } from "../../packages/server/src/operator/day-keys.ts";
import { newMachine } from "../cli-process.ts";
import { password, startTestServer } from "./serving.ts";

/* What operators and members are told of the folder of day keys. */

const DAY_MS = 24 * 60 * 60_000;
const main = join(import.meta.dirname, "../../packages/server/src/main.ts");

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "keepsake-day-keys-"))));
afterEach(() => rm(folder, { recursive: true }));

async function program(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env["PATH"], HOME: folder, ...settings };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await exited, stdout, stderr };
}

test("a backup leaves them out, says where they are and how to copy them, and refuses a target that holds them", async () => {
  await using server = await startTestServer();
  await server.server.dayKeys.at(Date.now());
  const to = join(folder, "copy");
  const settings = { KEEPSAKE_DATA: server.folder };
  const done = await program(["backup", to], settings);
  expect([done.status, done.stderr]).toEqual([0, expect.stringContaining(join(server.folder, "day-keys"))]);
  expect(done.stderr).toContain("rsync -a --delete");
  const chinese = await program(["backup", to], { ...settings, LANG: "zh_CN.UTF-8" });
  expect(chinese.stderr).toContain("日密钥");
  expect(await readdir(to)).not.toContain("day-keys");
  for (const target of [server.folder, join(server.folder, "day-keys")]) {
    const refused = await program(["backup", target], settings);
    expect([refused.status, refused.stdout]).toEqual([13, expect.stringContaining("server.keys-in-backup")]);
  }
  await cp(join(server.folder, "day-keys"), join(to, "day-keys"), { recursive: true });
  expect((await program(["backup", to], settings)).stdout).toContain("server.keys-in-backup");
}, 60_000);

test("servers on one database do not start without the setting, and say which", async () => {
  const refused = await program(["serve"], { KEEPSAKE_POSTGRES: "postgres://nobody@127.0.0.1:1/none" });
  expect(refused.status).not.toBe(0);
  expect(refused.stdout).toContain("KEEPSAKE_DAY_KEYS");
});

test("doctor tells of a folder that is missing, old, open to others, damaged, or inside of a copy", async () => {
  await using server = await startTestServer();
  await server.server.dayKeys.at(Date.now());
  const config = parseConfig({ KEEPSAKE_DATA: server.folder });
  const { dayKeys } = config;
  const told = async (nowMs = Date.now(), on = config) => (await lookAtDayKeys(on, nowMs)).en;
  expect((await lookAtDayKeys(config)).isGood).toBe(true);
  expect((await program(["doctor"], { KEEPSAKE_DATA: server.folder })).stdout).toContain("✓ day keys");
  expect(await told(Date.now() + 4 * DAY_MS)).toContain("is days old");
  for (let i = 33; i < 80; i++) {
    const day = new Date(Date.now() - i * DAY_MS).toISOString().slice(0, 10);
    await writeFile(join(dayKeys, day), "0".repeat(64));
  }
  expect(await told()).toContain("should be gone");
  const today = (await readdir(dayKeys)).sort().at(-1)!;
  await writeFile(join(dayKeys, today), "no key");
  expect(await told()).toContain("no day key any more");
  await rename(dayKeys, `${dayKeys}-away`);
  expect(await told()).toContain("Bring it back");
  expect((await lookAtDayKeys(parseConfig({ KEEPSAKE_DATA: join(folder, "new") }))).isGood).toBe(true);
  await mkdir(dayKeys, { mode: 0o755 });
  expect(await told()).toContain("chmod 700");
  const copy = join(folder, "copy");
  await mkdir(join(copy, "day-keys"), { recursive: true });
  await writeFile(join(copy, "keepsake.db"), "");
  const inside = parseConfig({ KEEPSAKE_DATA: server.folder, KEEPSAKE_DAY_KEYS: join(copy, "day-keys") });
  expect(await told(Date.now(), inside)).toContain("lies in a copy");
}, 60_000);

test("the client says so when a server is the only copy, in both languages, and not when there is another", async () => {
  await using server = await startTestServer();
  await using machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
  await machine.json(["login", server.url, "--sign-up", "--name", "only"]);
  await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
  await machine.makeExport("phone", { seed: "only", messages: 60, chats: 2 });
  const backed = await machine.json(["backup", "phone", "--name", "phone"]);
  expect(backed.result).toMatchObject({ areServersOnly: true });
  expect((await machine.json(["sync"])).result).toMatchObject({ areServersOnly: true });
  expect((await machine.json(["doctor"])).events).toContainEqual(
    expect.objectContaining({ name: "copies", state: "look" }),
  );
  const spoken = await machine.run(["sync"]);
  expect(spoken.stdout + spoken.stderr).toContain("The only copy is on a server.");
  const chinese = await machine.run(["sync"], { env: { LANG: "zh_CN.UTF-8" } });
  expect(chinese.stdout + chinese.stderr).toContain("唯一的副本在服务器上");
  expect((await machine.json(["copy", "--to", "disk"])).exit).toBe(0);
  expect((await machine.json(["sync"])).result).toMatchObject({ areServersOnly: false });
}, 120_000);
