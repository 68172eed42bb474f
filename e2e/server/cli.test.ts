import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { scheduler } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { randomName } from "../../packages/core/src/vault/store/index.ts";
import { addPasskey, serverStore } from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { backupServer } from "../../packages/server/src/operator/backup.ts";
import { recordCopies } from "../../packages/server/src/operator/copies.ts";
import { SoftAuthenticator } from "../../packages/server/testing/authenticator.ts";
import { newMachine, type Ended, type Machine } from "../cli-process.ts";
import { password, startTestServer, type TestServer } from "./serving.ts";

let server: TestServer;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  server = await startTestServer();
  machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const life = { seed: "cli", messages: 200, chats: 2, attachmentBytes: 200_000 };
const slow = { timeout: 120_000 };

async function vaultOnDisk(): Promise<void> {
  await machine.makeExport("phone", life);
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  await machine.run(["backup", "phone", "--name", "phone"]);
}

/** Hears the events of a command while it runs. */
function listenTo() {
  const heard: { type?: string; code?: string; digits?: string }[] = [];
  return {
    take: (text: string): void => {
      for (const line of text.split("\n").filter((each) => each.endsWith("}")))
        heard.push(JSON.parse(line) as object);
    },
    async said(type: string) {
      await expect.poll(() => heard.some((event) => event.type === type), { timeout: 60_000 }).toBe(true);
      return heard.find((event) => event.type === type)!;
    },
  };
}

test("a new device is let into the copy on the server, whichever copy was used last", slow, async () => {
  await vaultOnDisk();
  await machine.json(["login", server.url, "--sign-up"]);
  await machine.json(["copy", "--to", server.url]);
  const other = { KEEPSAKE_CONFIG: machine.path("config2") };
  const asNew = ["enrol", server.url, "--device-name", "a new laptop"];
  const heard = listenTo();
  const oldHeard = listenTo();
  const waiting = Promise.withResolvers<Ended>();
  async function* typed(): AsyncGenerator<string> {
    // The vault is open: only now does the new device make its code.
    await oldHeard.said("ready");
    waiting.resolve(machine.json(asNew, { env: other, onOutput: heard.take }));
    yield `${(await heard.said("enrolment")).code!}\n`;
    yield `${(await heard.said("digits")).digits!}\n`;
  }
  const answering = ["enrol", server.url, "--code", "-", "--words-file", "kit.txt", "--digits", "-"];
  const old = machine.json(answering, { input: typed(), onOutput: oldHeard.take });
  expect((await old).result).toMatchObject({ ok: true, devices: 2 });
  expect((await waiting.promise).result).toMatchObject({ ok: true, server: server.url });
  await machine.makeExport("tablet", { ...life, seed: "tablet" });
  const written = await machine.json(["backup", "tablet", "--name", "tablet"], { env: other });
  expect(written.result).toMatchObject({ ok: true });
  expect((await machine.json(["sync"])).result).toMatchObject({ ok: true, level: 1 });
  const { events } = await machine.json(["keys", "devices", "--store", "vault"]);
  expect(events).toContainEqual(
    expect.objectContaining({ type: "device", name: "a new laptop", isThis: false }),
  );
});

/** The pack that holds attachments. */
async function largestPack(): Promise<string> {
  const names = await readdir(machine.path("vault", "packs"), { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (path) => ({ path, size: (await stat(path)).size })));
  const { path } = sizes.toSorted((a, b) => b.size - a.size)[0]!;
  return relative(machine.path("vault"), path);
}

/** Two vaults, of which the one that an address names is removed and comes back. */
async function vaultsAre(place: string): Promise<void> {
  const id = place.split("#")[1]!;
  const vaults = async () =>
    (await machine.json(["vaults", server.url])).events.filter(({ type }) => type === "vault");
  const lines = await vaults();
  expect(lines).toMatchObject([
    { type: "vault", isMeant: true },
    { type: "vault", id, isMeant: false, receipts: 2 },
  ]);
  for (const line of lines) expect(Number(line["newestMs"])).toBeGreaterThan(Date.now() - 600_000);
  const asked = await machine.json(["vaults", server.url, "--remove", id]);
  expect(asked.result).toMatchObject({ code: "cli.not-confirmed" });
  expect(await vaults()).toEqual(lines);
  const removed = await machine.run(["vaults", server.url, "--remove", id, "--yes"], {
    env: { LANG: "zh_CN.UTF-8" },
  });
  const [, since] = /已移入回收站.*--restore-since (\S+)/.exec(removed.stderr)!;
  expect(await vaults()).toMatchObject([lines[0]!, { id, usedBytes: 0, objects: 0 }]);
  // Neither this device nor its agent would fill it again.
  const kept = await readdir(machine.path("config", "vaults"));
  for (const name of kept.filter((each) => each.endsWith(".json")))
    expect(await readFile(machine.path("config", "vaults", name), "utf8")).not.toContain(id);
  expect((await machine.json(["trash", place, "--restore-since", since!])).result).toMatchObject({
    ok: true,
  });
  expect((await machine.json(["check", "--store", place])).result).toMatchObject({ ok: true });
}

test("copies that lack a pack are not level, and a backup says so", slow, async () => {
  await vaultOnDisk();
  await machine.run(["copy", "--to", "disk"]);
  const pack = await largestPack();
  for (const copy of ["vault", "disk"]) await rm(machine.path(copy, pack));
  const synced = await machine.json(["sync"]);
  expect(synced.events).toContainEqual(
    expect.objectContaining({ type: "copy", outcome: "lacking", lost: 1 }),
  );
  expect(synced.result).toMatchObject({ exit: 3, copies: 1, level: 0 });
  const told = await machine.run(["sync"]);
  expect(told.stderr).toContain("is not whole");
  await machine.makeExport("tablet", { ...life, seed: "tablet" });
  const written = await machine.json(["backup", "tablet", "--name", "tablet"]);
  expect(written.result).toMatchObject({ exit: 3, copies: { level: 0, of: 1 } });
});

test(
  "several vaults lie on one server, and two commands at once lose nothing of each other",
  slow,
  async () => {
    await machine.json(["login", server.url, "--sign-up"]);
    const first = await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
    expect(first.result).toMatchObject({ ok: true, place: server.url });
    const second = await machine.json(["init", server.url, "--kit-file", "kit2.txt"]);
    expect(second.result).toMatchObject({ ok: true });
    const place = String(second.result["place"]);
    expect(place).toMatch(new RegExp(`^${server.url}#[0-9a-v]{26}$`));
    await machine.makeExport("phone", life);
    await machine.makeExport("tablet", { ...life, seed: "tablet" });
    const backups = [
      ["backup", "phone", "--name", "phone", "--store", server.url],
      ["backup", "tablet", "--name", "tablet", "--store", server.url],
      ["backup", "phone", "--name", "phone", "--store", place],
    ];
    for (const { result } of await Promise.all(backups.map((each) => machine.json(each))))
      expect(result).toMatchObject({ ok: true });
    for (const store of [server.url, place])
      expect((await machine.json(["check", "--store", store])).result).toMatchObject({ ok: true });
    expect(
      (await readdir(machine.path("config"), { recursive: true })).filter((name) => name.endsWith("lock")),
    ).toEqual([]);
    expect((await machine.json(["init", place, "--kit-file", "kit3.txt"])).result).toMatchObject({
      exit: 13,
    });
    expect(await readdir(join(machine.folder))).not.toContain("kit3.txt");
    await backupServer(parseConfig({ KEEPSAKE_DATA: server.folder }), machine.path("of-the-server"));
    await recordCopies(server.server);
    await vaultsAre(place);
  },
);

test(
  "a vault with a password goes onto a server once guards limit it, and opens by it there",
  slow,
  async () => {
    await vaultOnDisk();
    await machine.json(["login", server.url, "--sign-up", "--name", "guarded"]);
    const setting = ["keys", "password", "--words-file", "kit.txt"];
    const given = (password: string) => ({ env: { KEEPSAKE_NEW_PASSWORD: password } });
    expect((await machine.json(setting, given("tea for the vault"))).result).toMatchObject({
      isGuarded: false,
    });
    expect((await machine.json(["copy", "--to", server.url])).result).toMatchObject({
      code: "keys.offline-password",
      exit: 13,
    });
    const guarded = await machine.json([...setting, "--guards", server.url], given("tea for the vault"));
    expect(guarded.result).toMatchObject({ ok: true, isGuarded: true, isForgotten: true });
    expect((await machine.json(["copy", "--to", server.url])).result).toMatchObject({ ok: true });
    const other = (password: string) => ({
      env: { KEEPSAKE_CONFIG: machine.path("config2"), KEEPSAKE_PASSWORD: password },
    });
    await machine.json(["login", server.url, "--name", "guarded"], other(""));
    const read = ["chats", "--store", server.url];
    const wrong = await machine.json(read, other("milk for the vault"));
    expect(wrong.result).toMatchObject({ code: "vault.wrong-key", details: { left: 9 } });
    const told = await machine.run([...read, "--lang", "zh"], other("milk for the vault"));
    expect(told.stderr).toContain("还可尝试 8 次");
    expect((await machine.json(read, other("tea for the vault"))).result).toMatchObject({ ok: true });
    expect((await machine.json(["keys", "list", ...read.slice(1)])).result).toMatchObject({
      guarded: 1,
      password: 0,
    });
    const changed = await machine.json(setting, given("coffee for the vault"));
    expect(changed.result).toMatchObject({ ok: true, isGuarded: true });
    expect((await machine.json(["sync"])).result).toMatchObject({ ok: true });
    expect((await machine.json(read, other("coffee for the vault"))).result).toMatchObject({ ok: true });
    await machine.json(["logout", server.url]);
    const alone = await machine.json([...setting, "--store", "vault"], given("water for the vault"));
    expect(alone.result).toMatchObject({ code: "member.no-session" });
    await machine.json(["login", server.url, "--name", "guarded"]);
    const removed = await machine.json([...setting, "--remove"]);
    expect(removed.result).toMatchObject({ ok: true, isForgotten: true });
  },
);

test("what was removed on a server is listed and comes back, all pages of it", slow, async () => {
  const member = await server.newMember("trash");
  const store = serverStore({ connection: member.connection, vault: await member.newVault() });
  const names = Array.from({ length: 1003 }, () => `packs/${randomName(primitives)}`);
  const all = async (act: (name: string) => Promise<unknown>): Promise<void> => {
    for (let at = 0; at < names.length; at += 4) await Promise.all(names.slice(at, at + 4).map(act));
  };
  await all((name) => store.put(name, new TextEncoder().encode(name)));
  await scheduler.wait(1000);
  const since = new Date().toISOString().slice(0, 19);
  await all((name) => store.remove(name));
  await machine.json(["login", server.url, "--name", "trash"]);
  const listed = await machine.json(["trash", server.url]);
  expect(listed.result).toMatchObject({ ok: true, removed: 1003 });
  expect(new Set(listed.events.map(({ name }) => name).filter(Boolean)).size).toBe(1003);
  const back = await machine.json(["trash", server.url, "--restore-since", since]);
  expect(back.result).toMatchObject({ ok: true, restored: 1003 });
  expect((await machine.json(["trash", server.url])).result).toMatchObject({ removed: 0 });
  expect(await store.get(names[7]!)).toEqual(new TextEncoder().encode(names[7]));
});

test("passkeys that were made in a browser are listed and removed", slow, async () => {
  const origin = "https://keepsake.example";
  await using named = await startTestServer({ KEEPSAKE_PUBLIC_URL: origin });
  const { connection } = await named.newMember("keys");
  const { id } = await addPasskey(connection, { authenticator: new SoftAuthenticator(origin) });
  await machine.json(["login", named.url, "--name", "keys"]);
  const listed = await machine.json(["passkeys", named.url]);
  expect(listed.events).toContainEqual(expect.objectContaining({ type: "passkey", id }));
  expect((await machine.json(["passkeys", named.url, "--remove", id])).result).toMatchObject({ ok: true });
  expect((await machine.json(["passkeys", named.url])).result).toMatchObject({ passkeys: 0 });
});

test(
  "a server is run by the command line until it is stopped, and says what stands in its way",
  slow,
  async () => {
    const heard = listenTo();
    const data = machine.path("data");
    const served = machine.json(["serve", "--data", data, "--port", "0"], {
      onOutput: (text, stop) => {
        heard.take(text);
        if (text.includes('"listening"')) stop();
      },
    });
    expect(await heard.said("listening")).toMatchObject({
      folder: data,
      invitation: expect.any(String) as string,
    });
    expect((await served).result).toMatchObject({ ok: true, folder: data });
    expect(await readdir(data)).toContain("keepsake.db");
    const refused = await machine.json(["serve", "--data", join(data, "keepsake.db")]);
    expect(refused.result).toMatchObject({
      ok: false,
      code: "base.invalid",
      details: { name: "KEEPSAKE_DATA" },
    });
  },
);
