import { describe, expect, test } from "vitest";
import { bytesToHex, KeepsakeError, type Bytes } from "../base/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { createVault } from "./create.ts";
import { contentRoot } from "./log/log.ts";
import { hasNewerKeys } from "./keys/unlock.ts";
import { addDevice, replaceWords, rescueVault } from "./manage.ts";
import { newestSnapshot, openVault, snapshotAt } from "./open.ts";
import { publish } from "./publish.ts";
import { memoryStore, type MemoryStore } from "./store/memory.ts";
import type { Store } from "./store/store.ts";
import type { Anchor, Snapshot, Vault } from "./vault.ts";
import { packWriter } from "./pack-writer.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_700_000_000_000 };
const emptyContentRoot = bytesToHex(contentRoot(primitives, new Map()));
const counts = { chats: 0, messages: 0, attachments: 0 };

async function makeVault(store: MemoryStore = memoryStore(), password?: string) {
  const options = { primitives, store, clock, language: "en", deviceName: "test", password } as const;
  return { store, ...(await createVault({ ...options, emptyRoot: { n: 0 }, emptyContentRoot })) };
}

type Made = Awaited<ReturnType<typeof makeVault>>;

const byWords = ({ store, words }: Pick<Made, "store" | "words">, anchor?: Anchor) =>
  openVault({ primitives, store, clock, secret: { kind: "words", words: words.join(" ") }, anchor });
const byDevice = ({ store, deviceKey }: Pick<Made, "store" | "deviceKey">, anchor?: Anchor) =>
  openVault({ primitives, store, clock, secret: { kind: "device", ...deviceKey }, anchor });

function next(vault: Vault, snapshot: Snapshot, root: unknown): Promise<Snapshot | "raced"> {
  const { directory } = snapshot;
  const publication = {
    parents: [snapshot.head],
    root,
    directory,
    contentRoot: emptyContentRoot,
    verb: "test",
    counts,
  };
  return publish(vault, packWriter(vault), publication);
}

async function mustNext(vault: Vault, snapshot: Snapshot, root: unknown): Promise<Snapshot> {
  const published = await next(vault, snapshot, root);
  if (published === "raced") throw new TypeError("raced");
  return published;
}

describe("a vault", () => {
  test("opens with its words, its password and its device's key", async () => {
    const made = await makeVault(memoryStore(), "correct horse");
    expect((await byWords(made)).snapshot.root).toEqual({ n: 0 });
    expect((await byDevice(made)).vault.device).toBeDefined();
    const secret = { kind: "password", password: "correct horse" } as const;
    const opened = await openVault({ primitives, store: made.store, clock, secret });
    expect(opened.vault.authoritySeed).toEqual(made.vault.authoritySeed);
    expect(opened.vault.device).toBeUndefined();
    const wrong = { kind: "password", password: "correct house" } as const;
    const opening = openVault({ primitives, store: made.store, clock, secret: wrong });
    await expect(opening).rejects.toMatchObject({ code: "vault.wrong-key" });
  });

  test("is not made where one is, and not found where none is", async () => {
    const made = await makeVault();
    await expect(makeVault(made.store)).rejects.toMatchObject({ code: "vault.already-there" });
    await expect(byWords({ ...made, store: memoryStore() })).rejects.toMatchObject({
      code: "vault.not-found",
    });
  });

  test("opens with its device's key by the newest slot document alone, however many there were before", async () => {
    const made = await makeVault();
    let { vault } = await byWords(made);
    for (let i = 0; i < 3; i++) ({ vault } = await addDevice(vault));
    const asked: string[] = [];
    const counted: Store = {
      ...made.store,
      get: (name, ...more) => {
        if (name.startsWith("slots/")) asked.push(name);
        return made.store.get(name, ...more);
      },
    };
    const secret = { kind: "device", ...made.deviceKey } as const;
    const opened = await openVault({ primitives, clock, store: counted, secret });
    expect(opened.vault.document.version).toBe(4);
    expect(asked).toEqual(["slots/0000000004"]);
  });

  test("does not open with another vault's words or device", async () => {
    const [made, other] = [await makeVault(), await makeVault()];
    await expect(byWords({ ...made, words: other.words })).rejects.toMatchObject({ code: "vault.wrong-key" });
    await expect(byDevice({ ...made, deviceKey: other.deviceKey })).rejects.toMatchObject({
      code: "vault.wrong-key",
    });
  });

  test("keeps every version", async () => {
    const made = await makeVault();
    const first = await mustNext(made.vault, made.snapshot, { n: 1 });
    await mustNext(made.vault, first, { n: 2 });
    const { vault, snapshot } = await byWords(made);
    expect(snapshot.root).toEqual({ n: 2 });
    expect((await snapshotAt(vault, snapshot, first.head.number)).root).toEqual({ n: 1 });
    expect((await snapshotAt(vault, snapshot, made.snapshot.head.number)).root).toEqual({ n: 0 });
  });

  test("lets exactly one of two racing writers through", async () => {
    const made = await makeVault();
    const results = await Promise.all([1, 2, 3].map((n) => next(made.vault, made.snapshot, { n })));
    expect(results.filter((result) => result === "raced")).toHaveLength(2);
    expect((await byWords(made)).snapshot.root).toEqual(results.find((result) => result !== "raced")!.root);
  });

  test("takes what is no head of its own, whatever its number, as never written", async () => {
    const made = await makeVault();
    const other = await makeVault();
    const first = await mustNext(made.vault, made.snapshot, { n: 1 });
    const foreign = other.store.objects.get("heads/0000000001")!;
    made.store.objects.set("heads/0000000003", foreign);
    made.store.objects.set("heads/0000000009", primitives.random(700));
    expect((await byDevice(made)).snapshot.root).toEqual({ n: 1 });
    const second = await mustNext(made.vault, first, { n: 2 });
    expect(second.head.number).toBe(4);
    expect((await byDevice(made)).snapshot.root).toEqual({ n: 2 });
  });

  test("looks for newer heads from the one that was seen last, and for any where there is none", async () => {
    const made = await makeVault();
    let latest = made.snapshot;
    const heads = [latest.head];
    for (let n = 1; n <= 4; n++) heads.push((latest = await mustNext(made.vault, latest, { n })).head);
    const given: string[] = [];
    const store: MemoryStore = {
      ...made.store,
      async *list(prefix, options = {}) {
        for await (const object of made.store.list(prefix, options)) {
          if (object.name <= (options.after ?? "")) continue;
          if (prefix === "heads/") given.push(object.name);
          yield object;
        }
      },
    };
    const numbersGiven = (): number[] => given.splice(0).map((name) => Number(name.slice("heads/".length)));
    const { vault } = await byDevice({ ...made, store }, heads[2]);
    expect(numbersGiven()).toEqual([3, 4, 5]);
    expect((await newestSnapshot(vault)).root).toEqual({ n: 4 });
    expect(numbersGiven()).toEqual([5]);
    made.store.objects.delete("heads/0000000005");
    expect((await newestSnapshot(vault)).root).toEqual({ n: 3 });
    expect(numbersGiven()).toEqual([1, 2, 3, 4]);
  });
});

describe("making a vault", () => {
  test("tells all that opens it before it comes to be, and a stop there leaves none", async () => {
    const told: unknown[] = [];
    const store = memoryStore();
    const stopped = new KeepsakeError("base.aborted");
    const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
    const showWords = (...given: unknown[]): Promise<void> => {
      told.push(given);
      return told.length === 1 ? Promise.reject(stopped) : Promise.resolve();
    };
    const all = { ...options, emptyRoot: { n: 0 }, emptyContentRoot, showWords };
    await expect(createVault(all)).rejects.toBe(stopped);
    const [words] = told[0] as [readonly string[]];
    await expect(byWords({ store, words })).rejects.toMatchObject({ code: "vault.not-found" });
    const made = await createVault({ ...all, store: memoryStore() });
    expect(told[1]).toEqual([made.words, made.deviceKey]);
  });
});

test("an open vault knows when keys were changed elsewhere, and sees what a new device writes once it is opened anew", async () => {
  const made = await makeVault();
  expect(await hasNewerKeys(made.vault)).toBe(false);
  const joined = await addDevice((await byWords(made)).vault);
  await mustNext(joined.vault, made.snapshot, { n: 1 });
  expect((await newestSnapshot(made.vault)).root).toEqual({ n: 0 });
  expect(await hasNewerKeys(made.vault)).toBe(true);
  expect((await byDevice(made)).snapshot.root).toEqual({ n: 1 });
});

describe("new words", () => {
  const stopped = new KeepsakeError("base.aborted");
  const stop = () => Promise.reject(stopped);

  test("that the person did not get leave the old ones good", async () => {
    const made = await makeVault();
    await expect(replaceWords(made.vault, "en", stop)).rejects.toBe(stopped);
    await expect(rescueVault(made.vault, "en", stop)).rejects.toBe(stopped);
    expect((await byWords(made)).vault.document).toEqual(made.vault.document);
  });

  test("open the vault in place of the old ones once they are handed over", async () => {
    const made = await makeVault();
    let words: readonly string[] = [];
    const handOver = async (list: readonly string[]): Promise<void> => {
      words = list;
      await byWords(made);
    };
    await replaceWords(made.vault, "en", handOver);
    expect((await byWords({ ...made, words })).snapshot.head.verb).toBe("keys");
    await expect(byWords(made)).rejects.toMatchObject({ code: "keys.replaced" });
  });
});

describe("a store that shows an older state", () => {
  test("is found out by a device that has seen more", async () => {
    const made = await makeVault();
    const first = await mustNext(made.vault, made.snapshot, { n: 1 });
    const second = await mustNext(made.vault, first, { n: 2 });
    expect((await byDevice(made, second.head)).snapshot.root).toEqual({ n: 2 });
    expect((await byDevice(made, first.head)).snapshot.root).toEqual({ n: 2 });
    made.store.objects.delete("heads/0000000003");
    await expect(byDevice(made, second.head)).rejects.toMatchObject({ code: "vault.rolled-back" });
    made.store.objects.delete("heads/0000000002");
    await expect(byDevice(made, first.head)).rejects.toMatchObject({ code: "vault.rolled-back" });
  });

  test("is found out when it shows another branch to another device", async () => {
    const made = await makeVault();
    const before = new Map(made.store.objects);
    const ours = await mustNext(made.vault, made.snapshot, { n: 1 });
    const forked = memoryStore(before);
    const vault: Vault = { ...made.vault, store: forked };
    await mustNext(vault, await mustNext(vault, made.snapshot, { n: 2 }), { n: 3 });
    await expect(byDevice({ ...made, store: forked }, ours.head)).rejects.toMatchObject({
      code: "vault.rolled-back",
    });
    expect((await newestSnapshot(vault)).root).toEqual({ n: 3 });
  });
});

describe("a bit of a head or of a slot document", () => {
  test("flipped, is refused or changes nothing", async () => {
    const made = await makeVault();
    await mustNext(made.vault, made.snapshot, { n: 1 });
    const objects = [...made.store.objects].filter(([name]) => !name.startsWith("packs/"));
    for (const [name, bytes] of objects) {
      const step = name.startsWith("slots/") ? 997 : 37;
      for (let bit = 0; bit < bytes.length * 8; bit += step) {
        const altered = bytes.slice();
        altered[bit >> 3]! ^= 1 << (bit & 7);
        made.store.objects.set(name, altered);
        const root = await byDevice(made).then(
          ({ snapshot }) => snapshot.root,
          (error: unknown) => error,
        );
        if (!(root instanceof Error)) expect([{ n: 0 }, { n: 1 }]).toContainEqual(root);
        if (name.endsWith("2")) expect(root).not.toEqual({ n: 1 });
      }
      made.store.objects.set(name, bytes);
    }
  });
});

test("what a store sees of a vault tells apart neither devices nor sizes beyond the ladder", async () => {
  const sizesOf = (store: MemoryStore): number[] =>
    [...store.objects.values()].map((bytes: Bytes) => bytes.length);
  const [a, b] = [await makeVault(), await makeVault()];
  expect(sizesOf(a.store)).toEqual(sizesOf(b.store));
  expect(
    Math.max(...[...a.store.objects].filter(([name]) => name.startsWith("heads")).map(([, h]) => h.length)),
  ).toBeLessThan(1024);
});
