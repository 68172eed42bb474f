import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bytesToHex, bytesToText, KeepsakeError } from "../../packages/core/src/base/index.ts";
import { serverStore } from "../../packages/core/src/client/index.ts";
import { forgetChats, planPrune, prune } from "../../packages/core/src/history/care.ts";
import { loadHistory } from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import {
  memoryStore,
  newestSnapshot,
  readJournals,
  type MemoryStore,
} from "../../packages/core/src/vault/index.ts";
import { epochKeys, Keyring } from "../../packages/core/src/vault/keys/keyring.ts";
import { unlock } from "../../packages/core/src/vault/keys/unlock.ts";
import { readObject } from "../../packages/core/src/vault/objects.ts";
import { PackReader, readPackDirectory } from "../../packages/core/src/vault/pack/index.ts";
import { writeJournal } from "../../packages/core/src/vault/journal.ts";
import { systemClock } from "../../packages/core/src/base/index.ts";
import { wrapBytes } from "../../packages/core/src/client/key-tokens.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { backupServer, restoreServer } from "../../packages/server/src/operator/backup.ts";
import { openServer } from "../../packages/server/src/serve.ts";
import { findObject } from "../../packages/server/src/vaults/objects.ts";
import { renewTokens } from "../../packages/server/src/vaults/key-tokens.ts";
import { sweep } from "../../packages/server/src/vaults/sweep.ts";
import { startTestServer, type TestServer } from "./serving.ts";
import { add, made, reopened, textsOf, type Made } from "./vaults.ts";

/*
 * The token that makes deletion real: what a copy of the whole server is worth to somebody who has the recovery words,
 * before and after the keys of its day are gone.
 */

const DAY_MS = 24 * 60 * 60_000;

let folder: string;
let nowMs: number;
let server: TestServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-tokens-"));
  nowMs = Date.UTC(2026, 10, 22, 12);
  server = await startTestServer({}, { now: () => nowMs });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** So many days pass, with what the server does in each of them. */
async function pass(days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    nowMs += DAY_MS;
    await renewTokens(server.server);
    await sweep(server.server);
  }
}

/** A copy of all that the server has: database, objects, secrets; its day keys apart. */
async function copyAll(name: string): Promise<void> {
  await backupServer(parseConfig({ KEEPSAKE_DATA: server.folder }), join(folder, name));
  await cp(join(server.folder, "secrets.json"), join(folder, name, "secrets.json"));
  await cp(join(server.folder, "day-keys"), join(folder, `${name}-keys`), { recursive: true });
}

/** All objects of a copied server, unwrapped as far as the day keys in a folder go: what a thief of both has. */
async function stolen(name: string, dayKeys: string, vault: string): Promise<MemoryStore> {
  const data = join(folder, `stolen-${Math.random().toString(36).slice(2)}`);
  const settings = { KEEPSAKE_DATA: data, KEEPSAKE_DAY_KEYS: dayKeys };
  const config = parseConfig({ ...settings, KEEPSAKE_SECRETS_FILE: join(folder, name, "secrets.json") });
  await restoreServer(config, join(folder, name));
  const thief = await openServer(config, { log: () => undefined, clock: { now: () => nowMs } });
  const store = memoryStore();
  try {
    const named = await thief.db.query
      .selectFrom("object")
      .select("name")
      .where("vault", "=", vault)
      .execute();
    const trashed = await thief.db.query.selectFrom("trash").selectAll().where("vault", "=", vault).execute();
    for (const { name: each } of named) {
      const found = await findObject(thief, { vault, name: each });
      const bytes = new Uint8Array(await buffer(await found!.read({ offset: 0, length: found!.sizeBytes })));
      const { token } = found!;
      const plain =
        token && (await wrapBytes(primitives, { token, vault, name: each }, { bytes, offset: 0 }));
      store.objects.set(each, plain ?? bytes);
    }
    // Journals in the trash lie in their rows.
    for (const { name: each, bytes } of trashed)
      if (bytes !== null && !store.objects.has(each)) store.objects.set(each, new Uint8Array(bytes));
  } finally {
    await thief.db.close();
  }
  return store;
}

/** Every chat of which a key opens to the words, wherever it lies: in any page of any pack, in any journal. */
async function keysIn(store: MemoryStore, words: string): Promise<ReadonlySet<string>> {
  const { roots, vaultId, document } = await unlock(primitives, store, { kind: "words", words });
  const names = new Set<string>();
  const note = (entries: unknown): void => {
    for (const { kind, name } of entries as readonly { kind: string; name: string }[])
      if (kind === "chat") names.add(name);
  };
  const epochs = roots.map(({ epoch, root }) => epochKeys(primitives, root, epoch, vaultId));
  for (const keys of epochs) {
    for (const [path, file] of store.objects) {
      if (!path.startsWith("packs/")) continue;
      const pack = path.slice("packs/".length);
      const packKey = { primitives, vaultId, key: keys.pack, epoch: keys.epoch };
      const objects = await readPackDirectory(packKey, pack, file).catch(() => []);
      for (const { type, offset, length, id } of objects) {
        if (type !== "page") continue;
        const spec = { type, vaultId, key: keys.state, epoch: keys.epoch } as const;
        const page = await readObject(primitives, new PackReader(store), spec, [pack, offset, length, id]);
        note(JSON.parse(bytesToText(page)));
      }
    }
  }
  const keyring = new Keyring(epochs);
  const vault = { primitives, store, id: vaultId, keyring, document, clock: systemClock };
  for (const { value } of await readJournals(vault as unknown as Made["vault"]))
    note((value as { entries: unknown }).entries);
  return names;
}

const life = { seed: "forget", messages: 300, chats: 3, attachmentBytes: 50_000 };

async function shows(store: MemoryStore, { words }: Made): Promise<readonly string[] | string> {
  try {
    return await textsOf(await reopened(store, { kind: "words", words }));
  } catch (error) {
    return KeepsakeError.is(error) ? error.code : String(error);
  }
}

test("31 days after a chat was forgotten no copy of the server opens it, and the one of before did, with its day's key", async () => {
  const member = await server.newMember();
  const id = await member.newVault();
  const mine = await made(serverStore({ connection: member.connection, vault: id }), { now: () => nowMs });
  await add(mine, life);
  const history = await loadHistory(mine.vault, await newestSnapshot(mine.vault));
  const chat = [...history.entries.values()].find(({ kind }) => kind === "chat")!;
  // What an unfinished run left notes keys as well.
  await writeJournal(mine.vault, { writer: 0, entries: [chat], lanes: [], attachments: [] });
  const all = await textsOf(await reopened(mine.store, { kind: "words", words: mine.words }));
  await copyAll("before");

  await forgetChats(history, new Set([chat.id]));
  for (let i = 0; i < 2; i++) {
    const now = await loadHistory(mine.vault, await newestSnapshot(mine.vault));
    await prune(now, await planPrune(now));
    await pass(8);
  }
  const left = await textsOf(await reopened(mine.store, { kind: "words", words: mine.words }));
  expect(left.length).toBeLessThan(all.length);
  await pass(15);

  // The harness is able: with the keys of that day the copy opens whole, forgotten chat and all.
  const withKeys = await stolen("before", join(folder, "before-keys"), id);
  expect(await shows(withKeys, mine)).toEqual(all);
  expect(await keysIn(withKeys, mine.words)).toContain(chat.name);
  // With all that is left of them nothing of it opens, wherever one looks.
  await cp(join(server.folder, "day-keys"), join(folder, "left-keys"), { recursive: true });
  const without = await stolen("before", join(folder, "left-keys"), id);
  expect(await shows(without, mine)).toBe("vault.corrupt");
  expect(await keysIn(without, mine.words)).toEqual(new Set());
  // And the server as it is now, with all its keys, has forgotten the chat and shows the rest.
  await copyAll("now");
  const now = await stolen("now", join(folder, "now-keys"), id);
  expect(await shows(now, mine)).toEqual(left);
  const keys = await keysIn(now, mine.words);
  expect([keys.size, keys.has(chat.name)]).toEqual([2, false]);
}, 120_000);

describe("a server brought back from yesterday's copy", () => {
  test("opens for its members, and goes on", async () => {
    const member = await server.newMember();
    const id = await member.newVault();
    const mine = await made(serverStore({ connection: member.connection, vault: id }), { now: () => nowMs });
    await add(mine, life);
    const texts = await textsOf(await reopened(mine.store, mine.secret));
    await copyAll("yesterday");
    await pass(1);
    await add(mine, { ...life, day2: { messages: 30 } });
    const data = join(folder, "data");
    await restoreServer(parseConfig({ KEEPSAKE_DATA: data }), join(folder, "yesterday"));
    await using again = await startTestServer(
      {
        KEEPSAKE_DATA: data,
        KEEPSAKE_SECRETS_FILE: join(server.folder, "secrets.json"),
        KEEPSAKE_DAY_KEYS: join(server.folder, "day-keys"),
      },
      { now: () => nowMs },
    );
    const connection = again.connection.with(member.membership);
    const store = serverStore({ connection, vault: id });
    expect(await textsOf(await reopened(store, mine.secret))).toEqual(texts);
    const there = await reopened(store, mine.secret);
    await add({ ...mine, ...there }, { ...life, day2: { messages: 30 } });
    expect((await textsOf(await reopened(store, mine.secret))).length).toBeGreaterThan(texts.length);
  }, 60_000);
});

describe("keys of days", () => {
  test("outlive a clock that was wrong once, and go one by one", async () => {
    const { server: inner } = server;
    await pass(3);
    const before = await inner.dayKeys.days();
    nowMs += 400 * DAY_MS;
    expect(await renewTokens(inner)).toMatchObject({ destroyed: 0 });
    expect(await inner.dayKeys.days()).toEqual(expect.arrayContaining([...before]));
    await pass(40);
    const after = await inner.dayKeys.days();
    expect(after.filter((day) => before.includes(day))).toEqual([]);
    expect(after).toHaveLength(31);
  });

  test("that are lost close the copy on the server with a clear word; the folder brought back opens it", async () => {
    const member = await server.newMember();
    const id = await member.newVault();
    const mine = await made(serverStore({ connection: member.connection, vault: id }), { now: () => nowMs });
    await add(mine, life);
    const [day] = await server.server.dayKeys.days();
    await cp(join(server.folder, "day-keys"), join(folder, "kept"), { recursive: true });
    await rm(join(server.folder, "day-keys", day!));
    await expect(reopened(mine.store, mine.secret)).rejects.toMatchObject({
      code: "store.unavailable",
      retry: "later",
      cause: { code: "server.day-keys" },
    });
    nowMs += DAY_MS;
    // A folder that holds nothing is not begun anew: what was sealed there would be lost once the other is back.
    await expect(renewTokens(server.server)).rejects.toMatchObject({ code: "server.day-keys" });
    await expect(mine.store.put("packs/b", someBytes(100), { holdsKeys: true })).rejects.toMatchObject({
      code: "store.unavailable",
      cause: { code: "server.day-keys" },
    });
    expect(await server.server.dayKeys.days()).toEqual([]);
    await writeFile(join(server.folder, "day-keys", "2026-11-01"), "0".repeat(64));
    const { renewed, lost } = await renewTokens(server.server);
    expect([renewed, lost]).toEqual([0, expect.any(Number)]);
    await expect(reopened(mine.store, mine.secret)).rejects.toMatchObject({ code: "server.bad-key-token" });
    await cp(join(folder, "kept"), join(server.folder, "day-keys"), { recursive: true });
    expect(await renewTokens(server.server)).toMatchObject({ renewed: lost, lost: 0 });
    expect((await textsOf(await reopened(mine.store, mine.secret))).length).toBeGreaterThan(0);
  }, 60_000);
});

test("heads of a thief's end no key at once: the owner's next version keeps them", async () => {
  const member = await server.newMember();
  const id = await member.newVault();
  const mine = await made(serverStore({ connection: member.connection, vault: id }), { now: () => nowMs });
  await add(mine, life);
  for (const number of ["0000000090", "0000000091"]) {
    const pack = `thief${number}`;
    await mine.store.put(`packs/${pack}`, primitives.random(4096), { holdsKeys: true });
    await mine.store.put(`heads/${number}`, primitives.random(640), { keyPacks: [pack] });
  }
  await pass(5);
  const texts = await textsOf(await reopened(mine.store, mine.secret));
  await add(mine, { ...life, day2: { messages: 10 } });
  await pass(40);
  expect((await textsOf(await reopened(mine.store, mine.secret))).length).toBeGreaterThan(texts.length);
}, 60_000);

test("the server stores what is wrapped: its hash, and the receipt's, are those of the wrapped bytes", async () => {
  const member = await server.newMember();
  const id = await member.newVault();
  const mine = await made(serverStore({ connection: member.connection, vault: id }), systemClock);
  const { snapshot } = await reopened(mine.store, mine.secret);
  const name = `packs/${snapshot.head.directory[0]}`;
  const found = await findObject(server.server, { vault: id, name });
  const stored = new Uint8Array(await buffer(await found!.read({ offset: 0, length: found!.sizeBytes })));
  const plain = await mine.store.get(name);
  expect(bytesToHex(primitives.sha256(stored))).toBe(found!.sha256);
  expect(stored.length).toBe(plain!.length);
  expect(stored).not.toEqual(plain);
  // Any range unwraps by itself.
  for (const [offset, length] of [
    [0, 8],
    [5, 100],
    [16, 16],
    [1000, 4000],
  ] as const)
    expect(await mine.store.get(name, { offset, length })).toEqual(plain!.slice(offset, offset + length));
});
