import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serverStore } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { lookAtDayKeys } from "../../packages/server/src/operator/day-keys.ts";
import { checkedEntries } from "../../packages/server/src/operator/log.ts";
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

test("a folder that is away, or another server's, is not taken for the database's own", async () => {
  const first = await startTestServer();
  const { connection, newVault } = await first.newMember();
  const store = serverStore({ connection, vault: await newVault() });
  const bytes = new Uint8Array([...Buffer.from("KPSK"), 1, 1, 1, 0, ...someBytes(100)]);
  await store.put("packs/a", bytes, { holdsKeys: true });
  await first.stop();
  const keys = join(first.folder, "day-keys");
  const settings = { KEEPSAKE_DATA: first.folder, KEEPSAKE_PORT: new URL(first.url).port };
  const refused = { code: "server.day-keys" };
  await rename(keys, join(folder, "away"));
  await expect(startTestServer(settings)).rejects.toMatchObject(refused);
  // What a disk leaves that is not mounted.
  expect(await readdir(keys)).toEqual([]);
  await expect(startTestServer(settings)).rejects.toMatchObject(refused);
  expect(await readdir(keys)).toEqual([]);
  await using other = await startTestServer();
  const others = { ...settings, KEEPSAKE_DAY_KEYS: join(other.folder, "day-keys") };
  const theirs = await readdir(others.KEEPSAKE_DAY_KEYS);
  await expect(startTestServer(others)).rejects.toMatchObject(refused);
  expect(await readdir(others.KEEPSAKE_DAY_KEYS)).toEqual(theirs);
  const back = await startTestServer({ ...settings, KEEPSAKE_DAY_KEYS: join(folder, "away") });
  expect(await store.get("packs/a", undefined, { holdsKeys: true })).toEqual(bytes);
  await back[Symbol.asyncDispose]();

  // Lost for good: the operator says so, and the server goes on.
  const asked = await program(["day-keys", "renew"], settings);
  expect([asked.status, asked.stdout]).toEqual([
    13,
    expect.stringContaining("1 key tokens open with no key"),
  ]);
  expect(asked.stdout).toContain("cli.not-confirmed");
  await expect(startTestServer(settings)).rejects.toMatchObject(refused);
  const meant = await program(["day-keys", "renew", "--yes"], { ...settings, LANG: "zh_CN.UTF-8" });
  expect([meant.status, meant.stdout]).toEqual([0, expect.stringContaining("1 个密钥令牌")]);
  const again = await startTestServer(settings);
  await expect(store.get("packs/a", undefined, { holdsKeys: true })).rejects.toMatchObject({
    code: "server.bad-key-token",
  });
  await store.remove("packs/a");
  await store.put("packs/a", bytes, { holdsKeys: true });
  expect(await store.get("packs/a", undefined, { holdsKeys: true })).toEqual(bytes);
  const kinds = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { kind } of checkedEntries(again.server)) found.push(kind);
    return found;
  };
  await expect.poll(kinds, { timeout: 10_000 }).toContain("day-keys-renewed");
  await again[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
}, 60_000);

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
  const today = (await server.server.dayKeys.days()).at(-1)!;
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
