import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { KeepsakeError, systemClock } from "../../packages/core/src/base/index.ts";
import { serverStore } from "../../packages/core/src/client/index.ts";
import {
  check,
  compact,
  copyTo,
  planPrune,
  planUndo,
  prune,
  rotate,
  rotateCollections,
  undo,
} from "../../packages/core/src/history/care.ts";
import { loadHistory } from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import {
  addDevice,
  memoryStore,
  newestSnapshot,
  openVault,
  revokeDevice,
  type PutOptions,
  type Store,
  type Vault,
} from "../../packages/core/src/vault/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { findObject } from "../../packages/server/src/vaults/objects.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";
import { add, made, reopened, textsOf, type Made } from "./vaults.ts";

/*
 * Vaults whose keys are wrapped on a server behave as all others do: two devices race, clients and servers die, copies
 * go there and back, and every verb of care leaves a copy that opens.
 */

const life = { seed: "keys", messages: 300, chats: 3, attachmentBytes: 50_000 };
const STARTING_MS = 120_000;

interface Engine {
  readonly name: string;
  readonly start: () => Promise<TestServer>;
}

let parts: ScaledParts | undefined;
const engines: readonly Engine[] = [
  { name: "SQLite and a folder", start: () => startTestServer() },
  ...(hasScaledParts()
    ? [{ name: "PostgreSQL and S3", start: async () => startTestServer(await (await scaled()).fresh()) }]
    : []),
];
const scaled = async (): Promise<ScaledParts> => (parts ??= await startScaledParts());
afterAll(async () => parts?.[Symbol.asyncDispose](), STARTING_MS);

async function full(vault: Vault): Promise<readonly unknown[]> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  return (await check(history, { level: "full" })).damages;
}

describe.each(engines)("on $name", ({ start }) => {
  let server: TestServer;
  let member: Member;
  beforeAll(async () => {
    server = await start();
    member = await server.newMember();
  }, STARTING_MS);
  afterAll(() => server[Symbol.asyncDispose]());

  const storeOf = (vault: string): Store =>
    serverStore({ connection: member.connection, vault, isDirect: true });

  async function newMade(): Promise<Made & { readonly id: string }> {
    const id = await member.newVault();
    return { ...(await made(storeOf(id), systemClock)), id };
  }

  test("a reader of the version before finds its keys while others write", async () => {
    const mine = await newMade();
    await add(mine, life);
    const { vault, snapshot } = await reopened(storeOf(mine.id), mine.secret);
    const texts = await textsOf({ vault, snapshot });
    const pack = `packs/${snapshot.head.directory[0]}`;
    for (const messages of [20, 40]) await add(mine, { ...life, day2: { messages } });
    expect(await storeOf(mine.id).get(pack, undefined, { holdsKeys: true })).toBeDefined();
    expect(await textsOf({ vault, snapshot })).toEqual(texts);
  });

  test("a client that dies before or after any put leaves a copy that opens, and the next run goes on", async () => {
    const mine = await newMade();
    await add(mine, life);
    let shown = (await textsOf(await reopened(mine.store, mine.secret))).length;
    for (let dies = 1, isDone = false; !isDone && dies < 40; dies++) {
      const isAfter = dies % 2 === 0;
      let puts = 0;
      const dying: Store = {
        ...mine.store,
        put: async (name, bytes, options?: PutOptions) => {
          if (++puts > dies / 2 && !isAfter) throw new KeepsakeError("store.unavailable");
          const outcome = await mine.store.put(name, bytes, options);
          if (puts > dies / 2) throw new KeepsakeError("store.unavailable");
          return outcome;
        },
      };
      const day2 = { messages: 10 + dies };
      isDone = await add({ vault: { ...mine.vault, store: dying } }, { ...life, day2 }).then(
        () => true,
        () => false,
      );
      const now = (await textsOf(await reopened(storeOf(mine.id), mine.secret))).length;
      expect(now).toBeGreaterThanOrEqual(shown);
      shown = now;
    }
    await add(mine, { ...life, day2: { messages: 60 } });
    const { vault } = await reopened(storeOf(mine.id), mine.secret);
    expect(await full(vault)).toEqual([]);
  }, 120_000);

  test("devices that race leave a copy that opens, with all that each of them added", async () => {
    const mine = await newMade();
    const devices = [0, 1, 2].map(() => ({ ...mine.vault, store: storeOf(mine.id) }));
    for (let round = 0; round < 3; round++)
      await Promise.all(devices.map((vault, i) => add({ vault }, { ...life, seed: `race ${round} ${i}` })));
    const opened = await reopened(storeOf(mine.id), mine.secret);
    expect((await textsOf(opened)).length).toBe(9 * 300);
    expect(await full(opened.vault)).toEqual([]);
  }, 120_000);

  test("copies go to a disk, where they open by the words alone, to another server, and back", async () => {
    const mine = await newMade();
    await add(mine, life);
    const texts = await textsOf(await reopened(mine.store, mine.secret));
    const words = { kind: "words", words: mine.words } as const;
    const disk = memoryStore();
    await copyTo(await loadHistory(mine.vault, await newestSnapshot(mine.vault)), disk);
    expect(await textsOf(await reopened(disk, words))).toEqual(texts);
    for (const [name, bytes] of disk.objects)
      expect([name, String.fromCharCode(...bytes.slice(0, 4))]).toEqual([name, "KPSK"]);
    const second = await member.newVault();
    const onDisk = await openVault({ primitives, store: disk, clock: systemClock, secret: words });
    const there = storeOf(second);
    const history = await loadHistory(onDisk.vault, onDisk.snapshot);
    await copyTo(history, there, { reads: "missing" });
    expect(await textsOf(await reopened(storeOf(second), words))).toEqual(texts);
    // A key pack that one has lost comes from the other, though a list does not show that it lost a token.
    await server.server.db.query
      .updateTable("keyToken")
      .set({ day: "" })
      .where("vault", "=", second)
      .execute();
    await expect(reopened(storeOf(second), words)).rejects.toMatchObject({ code: "server.bad-key-token" });
    await copyTo(history, there, { reads: "missing" });
    expect(await textsOf(await reopened(storeOf(second), words))).toEqual(texts);
    // What is written on the disk comes to the server, and is read from there with its new keys.
    await add({ vault: { ...mine.vault, store: disk } }, { ...life, day2: { messages: 25 } });
    const vault = { ...mine.vault, store: disk };
    await copyTo(await loadHistory(vault, await newestSnapshot(vault)), there, { reads: "missing" });
    const now = await reopened(storeOf(second), words);
    expect((await textsOf(now)).length).toBeGreaterThan(texts.length);
    expect(await full(now.vault)).toEqual([]);
  }, 120_000);

  test("compaction, prune, undo, rotation, a device that is revoked leave a copy that opens", async () => {
    const mine = await newMade();
    for (const messages of [20, 40, 60]) await add(mine, { ...life, day2: { messages } });
    const texts = await textsOf(await reopened(mine.store, mine.secret));
    const load = async (vault: Vault) => loadHistory(vault, await newestSnapshot(vault));
    await compact(await load(mine.vault), "fold");
    await prune(await load(mine.vault), await planPrune(await load(mine.vault), { quarantineMs: 0 }));
    await prune(await load(mine.vault), await planPrune(await load(mine.vault), { quarantineMs: 0 }));
    expect(await textsOf(await reopened(storeOf(mine.id), mine.secret))).toEqual(texts);
    await add(mine, { ...life, day2: { messages: 90 } });
    await undo(await load(mine.vault), await planUndo(await load(mine.vault)));
    expect(await textsOf(await reopened(storeOf(mine.id), mine.secret))).toEqual(texts);
    const { vault } = await rotate(await load(mine.vault));
    expect(await full(vault)).toEqual([]);
    // A second device comes and is taken out again: what is written then opens for it no more.
    const byWords = await reopened(storeOf(mine.id), { kind: "words", words: mine.words });
    const { vault: second, deviceKey } = await addDevice(byWords.vault);
    const secondKey = { kind: "device", ...deviceKey } as const;
    expect(await textsOf(await reopened(storeOf(mine.id), secondKey))).toEqual(texts);
    const owner = { ...second, device: mine.vault.device };
    const revoked = await revokeDevice(owner, second.device!.writer);
    await rotateCollections(await loadHistory(revoked, await newestSnapshot(owner)));
    await expect(reopened(storeOf(mine.id), secondKey)).rejects.toMatchObject({ code: expect.any(String) });
    const opened = await reopened(storeOf(mine.id), { kind: "words", words: mine.words });
    expect(await textsOf(opened)).toEqual(texts);
  }, 120_000);

  test("a key pack of any size goes straight to where objects lie, wrapped before it is hashed and signed for", async () => {
    const id = await member.newVault();
    const plain = new Uint8Array([...new TextEncoder().encode("KPSK"), 1, 1, 0x50, 0, ...someBytes(700_000)]);
    const store = storeOf(id);
    expect(await store.put("packs/a", plain, { holdsKeys: true })).toBe("stored");
    expect(await store.put("packs/a", plain, { holdsKeys: true })).toBe("exists");
    expect(await storeOf(id).get("packs/a", undefined, { holdsKeys: true })).toEqual(plain);
    for (const offset of [0, 1, 15, 65_536, 600_001])
      expect(await storeOf(id).get("packs/a", { offset, length: 70_000 })).toEqual(
        plain.slice(offset, offset + 70_000),
      );
    const found = await findObject(server.server, { vault: id, name: "packs/a" });
    expect(found!.sizeBytes).toBe(plain.length);
    const { createHash } = await import("node:crypto");
    expect(found!.sha256).not.toBe(createHash("sha256").update(plain).digest("hex"));
  });
});

test(
  "two servers of one cell share the folder, and read each other's tokens",
  async ({ skip }) => {
    if (!hasScaledParts()) skip();
    const settings = await (await scaled()).fresh();
    const first = await startTestServer(settings);
    const second = await startTestServer({
      ...settings,
      KEEPSAKE_SECRETS_FILE: `${first.folder}/secrets.json`,
    });
    onTestFinished(async () => {
      await second[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
    });
    const member = await first.newMember();
    const id = await member.newVault();
    const mine = await made(serverStore({ connection: member.connection, vault: id }), systemClock);
    await add(mine, life);
    const there = serverStore({ connection: second.connection.with(member.membership), vault: id });
    const texts = await textsOf(await reopened(there, mine.secret));
    expect(texts.length).toBeGreaterThan(0);
  },
  STARTING_MS,
);
