import { describe, expect, onTestFinished, test } from "vitest";
import { madeHistory } from "../../../../testing/history/index.ts";
import { randomOf } from "../../../../testing/history/random.ts";
import { testPrimitives } from "../../../../testing/primitives.ts";
import { listed, someBytes, storeConformance } from "../../../../testing/stores/conformance.ts";
import { KeepsakeError, type Bytes } from "../../../base/index.ts";
import { backup, emptyContentRoot, emptyRoot, loadHistory, restoredEvents } from "../../../history/index.ts";
import { createVault, openVault } from "../../../vault/index.ts";
import { memoryStore, type MemoryStore, type Range, type Store } from "../../../vault/store/index.ts";
import { BLOCK_BYTES } from "./blocks.ts";
import { cachedStore, type CachedStore } from "./cache-store.ts";
import type { CacheOptions } from "./run-files.ts";

let made = 0;

async function newFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const name = `cache-${Date.now()}-${made++}`;
  onTestFinished(async () => {
    // What is still being kept when a test has ended holds its folder for a moment.
    for (let wait = 0; wait < 100; wait++) {
      const isGone = await root.removeEntry(name, { recursive: true }).then(
        () => true,
        () => false,
      );
      if (isGone) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  return root.getDirectoryHandle(name, { create: true });
}

function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const key = await newKey();
const mostBytes = 64 * 1024 * 1024;

storeConformance("a store with a cache", async () =>
  cachedStore(memoryStore(), { directory: await newFolder(), key, mostBytes }),
);

/** A store behind a network that can be taken away, and what was asked of it. */
class Network {
  readonly behind: MemoryStore = memoryStore();
  asked: string[] = [];
  isAway = false;
  readonly store: Store;

  constructor() {
    const { behind } = this;
    const pass = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
      this.#pass(what);
      return call();
    };
    const asked = (what: string): void => this.#pass(what);
    this.store = {
      put: (name, ...rest) => pass(`put ${name}`, () => behind.put(name, ...rest)),
      get: (name, range, more) => pass(`get ${name}${blocksOf(range)}`, () => behind.get(name, range, more)),
      remove: (name, more) => pass(`remove ${name}`, () => behind.remove(name, more)),
      async *list(prefix, more) {
        asked(`list ${prefix}`);
        yield* behind.list(prefix, more);
      },
    };
  }

  /** What was asked since it was looked at last. */
  take(): string[] {
    const asked = this.asked;
    this.asked = [];
    return asked;
  }

  #pass(what: string): void {
    this.asked.push(what);
    if (this.isAway) throw new KeepsakeError("store.unavailable", { retry: "later" });
  }
}

function blocksOf(range: Range | undefined): string {
  return range === undefined ? "" : ` ${range.offset / BLOCK_BYTES}+${range.length / BLOCK_BYTES}`;
}

interface Made {
  readonly network: Network;
  readonly directory: FileSystemDirectoryHandle;
  /** Another cache over the same folder: another tab, or the same one later. */
  readonly open: (options?: Partial<CacheOptions>) => CachedStore;
}

async function make(options: Partial<CacheOptions> = {}): Promise<Made> {
  const network = new Network();
  const directory = await newFolder();
  return {
    network,
    directory,
    open: (more) => cachedStore(network.store, { directory, key, mostBytes, ...options, ...more }),
  };
}

async function filesOf(directory: FileSystemDirectoryHandle): Promise<File[]> {
  const files: File[] = [];
  for await (const handle of directory.values())
    if (handle.kind === "file") files.push(await (handle as FileSystemFileHandle).getFile());
  return files;
}

const blocks = (first: number, count: number): Range => ({
  offset: first * BLOCK_BYTES,
  length: count * BLOCK_BYTES,
});

describe("ranges of packs", () => {
  test("that were read are not fetched again, not even by a cache that is opened later", async () => {
    const { network, open } = await make();
    const bytes = someBytes(5 * BLOCK_BYTES + 100);
    await network.behind.put("packs/a", bytes);
    const first = open();
    const range = { offset: Math.floor(1.1 * BLOCK_BYTES), length: Math.floor(1.4 * BLOCK_BYTES) };
    const part = bytes.slice(range.offset, range.offset + range.length);
    expect(await first.get("packs/a", range)).toEqual(part);
    expect(network.take()).toEqual(["get packs/a 1+2"]);
    await first.settle();
    for (const store of [first, open()]) {
      expect(await store.get("packs/a", range)).toEqual(part);
      expect(await store.get("packs/a", { offset: BLOCK_BYTES, length: 1 })).toEqual(
        bytes.slice(BLOCK_BYTES, BLOCK_BYTES + 1),
      );
    }
    expect(network.take()).toEqual([]);
  });

  test("of which some are missing are fetched in as many goes as there are gaps", async () => {
    const { network, open } = await make();
    const bytes = someBytes(9 * BLOCK_BYTES + 100);
    await network.behind.put("packs/a", bytes);
    const store = open();
    await store.get("packs/a", blocks(2, 1));
    await store.get("packs/a", blocks(5, 2));
    await store.settle();
    network.take();
    expect(await store.get("packs/a", blocks(0, 20))).toEqual(bytes);
    expect(network.take()).toEqual(["get packs/a 0+2", "get packs/a 3+2", "get packs/a 7+13"]);
    await store.settle();
    expect(await store.get("packs/a", blocks(0, 20))).toEqual(bytes);
    expect(await store.get("packs/a", blocks(9, 5))).toEqual(bytes.slice(9 * BLOCK_BYTES));
    expect(network.take()).toEqual([]);
  });

  test("that are asked for at the same time are fetched once", async () => {
    const { network, open } = await make();
    const bytes = someBytes(4 * BLOCK_BYTES);
    await network.behind.put("packs/a", bytes);
    const store = open();
    const ranges = Array.from({ length: 20 }, (_, i) => ({ offset: i * 1500, length: 1500 }));
    const read = await Promise.all(ranges.map((range) => store.get("packs/a", range)));
    for (const [i, part] of read.entries()) expect(part).toEqual(bytes.slice(i * 1500, (i + 1) * 1500));
    expect(network.take()).toEqual(["get packs/a 0+1"]);
  });

  test("whose fetching one reader stopped come to the others", async () => {
    const { network, open } = await make();
    await network.behind.put("packs/a", someBytes(100));
    const store = open();
    const stop = new AbortController();
    const stopped = store.get("packs/a", blocks(0, 1), { signal: stop.signal });
    const other = store.get("packs/a", blocks(0, 1));
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: "base.aborted" });
    expect(await other).toEqual(someBytes(100));
  });

  test("are what they are in the store, wherever they begin and end, in two tabs at once", async () => {
    const { network, open } = await make({ mostBytes: 40 * BLOCK_BYTES });
    const sizes = [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, 2 * BLOCK_BYTES, 700_001, 1_500_000];
    for (const size of sizes) await network.behind.put(`packs/n${size}`, someBytes(size));
    const tabs = [open(), open({ mostBytes: 10 * BLOCK_BYTES }), open()];
    const reader = async (seed: number): Promise<void> => {
      const random = randomOf("cache", seed);
      for (let i = 0; i < 60; i++) {
        const name = `packs/n${random.pick(sizes)}`;
        const range = { offset: random.below(800_000), length: random.below(400_000) };
        const expected = await network.behind.get(name, range);
        expect(await random.pick(tabs).get(name, range)).toEqual(expected);
      }
    };
    await Promise.all([1, 2, 3, 4].map(reader));
    for (const tab of tabs) await tab.settle();
    expect(await open().get("packs/none", blocks(0, 1))).toBeUndefined();
  });

  test("that are given out may be altered and let go of", async () => {
    const { network, open } = await make();
    await network.behind.put("packs/a", someBytes(BLOCK_BYTES));
    const store = open();
    for (let i = 0; i < 3; i++) {
      const bytes = (await store.get("packs/a", blocks(0, 1)))!;
      expect(bytes).toEqual(someBytes(BLOCK_BYTES));
      bytes.fill(0);
      bytes.buffer.transfer(0);
    }
  });

  test("of a pack that was removed are gone, and so are those that were on their way", async () => {
    const { network, open } = await make();
    const store = open();
    await network.behind.put("packs/a", someBytes(100));
    await store.get("packs/a", blocks(0, 1));
    const reading = store.get("packs/a", blocks(0, 2));
    await store.remove("packs/a");
    await reading;
    await store.settle();
    expect(await store.get("packs/a", blocks(0, 1))).toBeUndefined();
    await store.put("packs/a", someBytes(200, 1));
    expect(await store.get("packs/a", blocks(0, 1))).toEqual(someBytes(200, 1));
  });

  test("of a directory of keys that was replaced are not kept", async () => {
    const { network, directory, open } = await make();
    for (const name of ["a", "b", "c"]) await network.behind.put(`packs/${name}`, someBytes(100, name));
    const keys = { holdsKeys: true };
    const earlier = open();
    await earlier.get("packs/a", blocks(0, 1), keys);
    await earlier.get("packs/b", blocks(0, 1), keys);
    await earlier.get("packs/c", blocks(0, 1));
    await earlier.settle();
    expect(await filesOf(directory)).toHaveLength(3);
    const later = open();
    await later.get("packs/a", blocks(0, 1), keys);
    await network.behind.put("packs/d", someBytes(100, "d"));
    await later.get("packs/d", blocks(0, 1), keys);
    await later.settle();
    const left = (await filesOf(directory)).map(({ name }) => name.slice(0, 7)).sort();
    expect(left).toEqual(["packs-a", "packs-c", "packs-d"]);
  });
});

describe("what is kept", () => {
  test("is no more than may be, and what was used longest ago goes first", async () => {
    const { network, directory, open } = await make({ mostBytes: 4.5 * BLOCK_BYTES });
    for (let i = 0; i < 8; i++) await network.behind.put(`packs/n${i}`, someBytes(BLOCK_BYTES, i));
    const store = open();
    const read = async (number: number): Promise<void> => {
      expect(await store.get(`packs/n${number}`, blocks(0, 1))).toEqual(someBytes(BLOCK_BYTES, number));
      await store.settle();
    };
    for (const number of [0, 1, 2, 3, 0, 4, 5]) await read(number);
    const left = (await filesOf(directory)).map(({ name }) => name.slice(6, 8)).sort();
    expect(left).toEqual(["n0", "n3", "n4", "n5"]);
    const smaller = open({ mostBytes: 2.5 * BLOCK_BYTES });
    await smaller.get("packs/n5", blocks(0, 1));
    await smaller.settle();
    expect(await filesOf(directory)).toHaveLength(2);
    await store.get("packs/n7", blocks(0, 1));
    await store.settle();
    await smaller.clear();
    expect(await filesOf(directory)).toEqual([]);
  });

  test("is sealed: nothing of an object is in its file", async () => {
    const { network, directory, open } = await make();
    await network.behind.put("packs/a", new Uint8Array(BLOCK_BYTES).fill(7));
    const store = open();
    await store.get("packs/a", blocks(0, 1));
    await store.settle();
    const [file] = await filesOf(directory);
    const bytes = new Uint8Array(await file!.arrayBuffer());
    expect(bytes.length).toBeGreaterThan(BLOCK_BYTES);
    expect(bytes.filter((byte) => byte === 7).length).toBeLessThan(1000);
  });

  test("and is damaged, cut off, swapped or of another key is fetched again", async () => {
    const { network, directory, open } = await make();
    const names = ["packs/a", "packs/b", "packs/c", "packs/d"];
    for (const name of names) await network.behind.put(name, someBytes(3 * BLOCK_BYTES, name));
    const read = async (store: CachedStore): Promise<void> => {
      for (const name of names) {
        expect(await store.get(name, blocks(0, 3))).toEqual(someBytes(3 * BLOCK_BYTES, name));
        await store.settle();
      }
    };
    await read(open());
    const [a, b, c, d] = (await filesOf(directory)).sort((x, y) => (x.name < y.name ? -1 : 1));
    const flipped = new Uint8Array(await a!.arrayBuffer());
    flipped[1.5 * BLOCK_BYTES]! ^= 1;
    await overwrite(directory, a!.name, flipped);
    await overwrite(directory, b!.name, new Uint8Array(await b!.slice(0, 1.5 * BLOCK_BYTES).arrayBuffer()));
    await overwrite(directory, c!.name, new Uint8Array(await d!.arrayBuffer()));
    await overwrite(directory, "notes.txt", new Uint8Array(3));
    network.take();
    await read(open());
    expect(network.take()).toEqual(["get packs/a 0+3", "get packs/b 0+3", "get packs/c 0+3"]);
    await read(open());
    expect(network.take()).toEqual([]);
    await read(open({ key: await newKey() }));
    expect(network.take()).toHaveLength(4);
  });

  test("and was taken away by another tab is fetched again", async () => {
    const { network, open } = await make();
    await network.behind.put("packs/a", someBytes(100));
    const [one, other] = [open(), open()];
    await one.get("packs/a", blocks(0, 1));
    await one.settle();
    expect(await other.get("packs/a", blocks(0, 1))).toEqual(someBytes(100));
    await one.clear();
    expect(await other.get("packs/a", blocks(0, 1))).toEqual(someBytes(100));
  });

  test("is nothing where the browser gives no room, or no folder, and reading goes on", async () => {
    const { network, directory, open } = await make();
    await network.behind.put("packs/a", someBytes(100));
    await network.behind.put("heads/1", someBytes(10));
    const full = new Proxy(directory, {
      get(target, name) {
        if (name === "getFileHandle") return () => Promise.reject(new DOMException("", "QuotaExceededError"));
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const root = await navigator.storage.getDirectory();
    const gone = await root.getDirectoryHandle("gone", { create: true });
    await root.removeEntry("gone");
    for (const folder of [full, gone]) {
      const store = open({ directory: folder });
      for (let i = 0; i < 2; i++) {
        expect(await store.get("packs/a", blocks(0, 1))).toEqual(someBytes(100));
        expect(await store.get("heads/1")).toEqual(someBytes(10));
        expect(await listed(store, "heads/")).toEqual(["heads/1"]);
        await store.settle();
      }
    }
  });
});

async function overwrite(directory: FileSystemDirectoryHandle, name: string, bytes: Bytes): Promise<void> {
  const writable = await (await directory.getFileHandle(name, { create: true })).createWritable();
  await writable.write(bytes);
  await writable.close();
}

describe("without a network", () => {
  test("the list that is kept is whole, also where only what comes after a name was asked for", async () => {
    const directory = await newFolder();
    const network = new Network();
    const store = cachedStore(network.store, { directory, key, mostBytes });
    const after = async (name: string): Promise<string[]> => {
      const names: string[] = [];
      for await (const object of store.list("heads/", { after: name })) names.push(object.name);
      return names.filter((each) => each > name);
    };
    for (const name of ["heads/1", "heads/2", "heads/3"]) await network.behind.put(name, someBytes(1));
    expect(await after("heads/2")).toEqual(["heads/3"]);
    await network.behind.put("heads/4", someBytes(1));
    expect(await after("heads/3")).toEqual(["heads/4"]);
    await store.settle();
    network.isAway = true;
    expect(await after("heads/3")).toEqual(["heads/4"]);
    expect(await listed(store, "heads/")).toEqual(["heads/1", "heads/2", "heads/3", "heads/4"]);
  });

  test("heads, slots and journals are those that were read last, and so is their list", async () => {
    const { network, open } = await make();
    const store = open();
    for (const name of ["heads/1", "heads/2", "slots/1", "journals/1"])
      await network.behind.put(name, someBytes(50, name));
    for (const folder of ["heads/", "slots/", "journals/"])
      for (const name of await listed(store, folder)) await store.get(name);
    await network.behind.remove("heads/1");
    await network.behind.put("heads/3", someBytes(70_000, "heads/3"));
    await store.get("heads/3", { offset: 0, length: 100_000 });
    await listed(store, "heads/");
    await store.put("heads/4", someBytes(9, "heads/4"));
    await store.remove("slots/1");
    await store.settle();
    network.isAway = true;
    for (const away of [store, open()]) {
      expect(await listed(away, "heads/")).toEqual(["heads/2", "heads/3", "heads/4"]);
      expect(await listed(away, "slots/")).toEqual([]);
      expect(await away.get("heads/3")).toEqual(someBytes(70_000, "heads/3"));
      expect(await away.get("heads/4", { offset: 2, length: 3 })).toEqual(
        someBytes(9, "heads/4").slice(2, 5),
      );
      expect(await away.get("journals/1")).toEqual(someBytes(50, "journals/1"));
      for (const name of ["heads/1", "slots/1", "packs/a"])
        await expect(away.get(name, blocks(0, 1))).rejects.toMatchObject({ code: "store.unavailable" });
      await expect(listed(away, "packs/")).rejects.toMatchObject({ code: "store.unavailable" });
      await expect(away.put("heads/9", someBytes(1))).rejects.toMatchObject({ code: "store.unavailable" });
    }
  });

  test("what the store says holds as long as it says anything", async () => {
    const { network, open } = await make();
    const store = open();
    await network.behind.put("heads/1", someBytes(10));
    await store.get("heads/1");
    await store.settle();
    network.behind.objects.set("heads/1", someBytes(10, "other"));
    expect(await store.get("heads/1")).toEqual(someBytes(10, "other"));
    await network.behind.remove("heads/1");
    expect(await store.get("heads/1")).toBeUndefined();
    await store.settle();
    network.isAway = true;
    await expect(store.get("heads/1")).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("a vault that was opened and read before is opened and read", async () => {
    const primitives = await testPrimitives();
    const { network, open } = await make();
    const clock = { now: () => 1_790_000_000_000 };
    const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
    const options = {
      primitives,
      store: open(),
      clock,
      language: "en",
      deviceName: "test",
      ...root,
    } as const;
    const { vault, words } = await createVault(options);
    await backup(vault, { name: "phone", read: () => madeHistory({ seed: 1, messages: 800 }) });
    const read = async (store: CachedStore): Promise<string> => {
      const secret = { kind: "words", words: words.join(" ") } as const;
      const opened = await openVault({ primitives, store, clock, secret });
      let text = "";
      for await (const event of restoredEvents(await loadHistory(opened.vault, opened.snapshot)))
        text += JSON.stringify(event);
      await store.settle();
      return text;
    };
    const first = await read(open());
    const second = open();
    network.take();
    expect(await read(second)).toBe(first);
    const asked = network.take();
    expect(asked.filter((each) => each.startsWith("get packs/"))).toEqual([]);
    network.isAway = true;
    expect(await read(open())).toBe(first);
  }, 60_000);
});

test("a worker and a page share what is kept", async () => {
  const { network, directory, open } = await make();
  await network.behind.put("packs/a", someBytes(150_000));
  const code = `
    onmessage = async ({ data: { directory, key, cache, store, bytes } }) => {
      const [{ cachedStore }, { memoryStore }] = await Promise.all([import(cache), import(store)]);
      const behind = memoryStore(new Map([["packs/a", bytes]]));
      const cached = cachedStore(behind, { directory, key, mostBytes: 1e9 });
      const read = await cached.get("packs/a", { offset: 0, length: 200_000 });
      await cached.settle();
      postMessage({ read, isWorker: "createSyncAccessHandle" in FileSystemFileHandle.prototype });
    };`;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), {
    type: "module",
  });
  onTestFinished(() => worker.terminate());
  const answer = new Promise<{ read: Bytes; isWorker: boolean }>((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data as { read: Bytes; isWorker: boolean }));
    worker.addEventListener("error", ({ message }) => reject(new RangeError(message)));
  });
  const [cache, store] = ["./cache-store.ts", "../../../vault/store/index.ts"].map(
    (path) => new URL(path, import.meta.url).href,
  );
  worker.postMessage({ directory, key, cache, store, bytes: someBytes(150_000) });
  expect(await answer).toEqual({ read: someBytes(150_000), isWorker: true });
  expect(await open().get("packs/a", { offset: 100_000, length: 60_000 })).toEqual(
    someBytes(150_000).slice(100_000),
  );
  expect(network.take()).toEqual([]);
});
