import { describe, expect, test } from "vitest";
import { equalBytes, KeepsakeError, type Bytes } from "../../src/base/index.ts";
import type { Store } from "../../src/vault/store/index.ts";
import { randomOf } from "../history/random.ts";

/** Bytes that are the same for the same seed. */
export function someBytes(length: number, seed: number | string = 0): Bytes {
  const random = randomOf("bytes", seed, length);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = random.next();
  return bytes;
}

export async function listed(store: Store, prefix = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.list(prefix)) names.push(name);
  return names;
}

/** The contract of `Store`, as tests. `makeStore` gives a new and empty store each time. */
export function storeConformance(name: string, makeStore: () => Promise<Store> | Store): void {
  describe(`${name} keeps the contract of a store:`, () => {
    objectTests(makeStore);
    putTests(makeStore);
    listTests(makeStore);
    refusalTests(makeStore);
  });
}

type MakeStore = () => Promise<Store> | Store;

function objectTests(makeStore: MakeStore): void {
  test("an object comes back as it was put, of any length", async () => {
    const store = await makeStore();
    for (const length of [0, 1, 511, 512, 513, 65_536, 1_000_003]) {
      expect(await store.put(`packs/n${length}`, someBytes(length))).toBe("stored");
      expect(await store.get(`packs/n${length}`)).toEqual(someBytes(length));
    }
  });

  test("an object of the largest pack's size comes back whole", async () => {
    const store = await makeStore();
    const bytes = new Uint8Array(16.25 * 1024 * 1024).fill(7);
    bytes.set(someBytes(100), bytes.length - 100);
    expect(await store.put("packs/big", bytes)).toBe("stored");
    const there = await store.get("packs/big", { offset: bytes.length - 200, length: 200 });
    expect(there).toEqual(bytes.slice(-200));
    expect((await store.get("packs/big"))?.length).toBe(bytes.length);
  });

  test("what was put is not what the caller does with its memory afterwards", async () => {
    const store = await makeStore();
    for (const length of [100, 300_000]) {
      const bytes = someBytes(length);
      expect(await store.put(`packs/mine${length}`, bytes)).toBe("stored");
      bytes.fill(0);
      expect(await store.get(`packs/mine${length}`)).toEqual(someBytes(length));
    }
  });

  test("what is not there is undefined, and removing it is nothing", async () => {
    const store = await makeStore();
    expect(await store.get("heads/0000000001")).toBeUndefined();
    expect(await store.get("heads/0000000001", { offset: 0, length: 10 })).toBeUndefined();
    await store.remove("heads/0000000001");
    await store.put("heads/0000000002", someBytes(3));
    await store.remove("heads/0000000001");
    expect(await listed(store)).toEqual(["heads/0000000002"]);
  });

  test("a range is the part of it that lies in the object", async () => {
    const store = await makeStore();
    const bytes = someBytes(1000);
    await store.put("packs/a", bytes);
    const ranges: [number, number][] = [
      [0, 0],
      [0, 1],
      [0, 1000],
      [0, 5000],
      [999, 1],
      [999, 2],
      [1000, 1],
      [2000, 10],
      [300, 400],
      [500, 0],
    ];
    for (const [offset, length] of ranges) {
      expect(await store.get("packs/a", { offset, length })).toEqual(bytes.slice(offset, offset + length));
    }
  });

  test("neither the caller's bytes nor those given out are the stored ones", async () => {
    const store = await makeStore();
    const bytes = someBytes(100);
    await store.put("packs/a", bytes);
    bytes.fill(0);
    (await store.get("packs/a"))!.fill(1);
    expect(await store.get("packs/a")).toEqual(someBytes(100));
  });

  test("a part of a longer buffer is stored as that part", async () => {
    const store = await makeStore();
    await store.put("packs/a", someBytes(100).subarray(10, 30));
    expect(await store.get("packs/a")).toEqual(someBytes(100).slice(10, 30));
  });
}

function putTests(makeStore: MakeStore): void {
  test("a name that is taken stays as it is, and is free again once removed", async () => {
    const store = await makeStore();
    expect(await store.put("heads/0000000001", someBytes(50, "a"))).toBe("stored");
    expect(await store.put("heads/0000000001", someBytes(60, "b"))).toBe("exists");
    expect(await store.get("heads/0000000001")).toEqual(someBytes(50, "a"));
    await store.remove("heads/0000000001");
    expect(await store.get("heads/0000000001")).toBeUndefined();
    expect(await store.put("heads/0000000001", someBytes(60, "b"))).toBe("stored");
    expect(await store.get("heads/0000000001")).toEqual(someBytes(60, "b"));
  });

  test("of twenty puts of one name at once, one is stored", async () => {
    const store = await makeStore();
    for (let round = 0; round < 5; round++) {
      const name = `heads/000000000${round}`;
      const puts = Array.from({ length: 20 }, (_, i) => store.put(name, someBytes(5000, i)));
      const outcomes = await Promise.all(puts);
      expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(1);
      expect(await store.get(name)).toEqual(someBytes(5000, outcomes.indexOf("stored")));
    }
  });

  test("reading, listing and removing go on while others put, and nothing is seen in part", async () => {
    const store = await makeStore();
    const names = Array.from({ length: 24 }, (_, i) => `packs/p${i}`);
    const contents = new Map(names.map((name) => [name, someBytes(70_000, name)]));
    const writing = Promise.all(names.map((name) => store.put(name, contents.get(name)!)));
    const seen = async (name: string): Promise<void> => {
      for (let i = 0; i < 5; i++) {
        const bytes = await store.get(name);
        if (bytes !== undefined) expect(equalBytes(bytes, contents.get(name)!)).toBe(true);
      }
    };
    const looking = Promise.all([...names.map(seen), listed(store), listed(store, "packs/p1")]);
    const removing = Promise.all(names.map((name) => store.remove(`${name}x`)));
    await Promise.all([writing, looking, removing]);
    expect(await listed(store)).toEqual(names.toSorted());
    await Promise.all(names.slice(0, 20).map((name) => store.remove(name)));
    expect(await listed(store)).toEqual(names.slice(20).toSorted());
  });
}

function listTests(makeStore: MakeStore): void {
  test("a listing is in the order of names, by any prefix, with sizes", async () => {
    const store = await makeStore();
    const names = [
      "slots/b",
      "heads/9",
      "heads/10",
      "packs/aa",
      "packs/ab",
      "packs/b",
      "journals/z",
      "packs/a",
    ];
    for (const [i, name] of names.entries()) await store.put(name, someBytes(i));
    expect(await listed(store)).toEqual(names.toSorted());
    expect(await listed(store, "packs/")).toEqual(["packs/a", "packs/aa", "packs/ab", "packs/b"]);
    expect(await listed(store, "packs/a")).toEqual(["packs/a", "packs/aa", "packs/ab"]);
    expect(await listed(store, "pa")).toEqual(["packs/a", "packs/aa", "packs/ab", "packs/b"]);
    expect(await listed(store, "packs/c")).toEqual([]);
    expect(await listed(store, "nothing/")).toEqual([]);
    for await (const { name, sizeBytes } of store.list("")) expect(sizeBytes).toBe(names.indexOf(name));
  });

  test("of a listing from a name on, all that comes after the name is there, in order", async () => {
    const store = await makeStore();
    const names = ["heads/1", "heads/2", "heads/3", "packs/a", "packs/b"];
    for (const name of names) await store.put(name, someBytes(1));
    const after = async (name: string, prefix = ""): Promise<string[]> => {
      const given: string[] = [];
      for await (const object of store.list(prefix, { after: name })) given.push(object.name);
      expect(given).toEqual(given.toSorted());
      return given.filter((each) => each > name);
    };
    expect(await after("heads/2")).toEqual(["heads/3", "packs/a", "packs/b"]);
    expect(await after("heads/2", "heads/")).toEqual(["heads/3"]);
    expect(await after("heads/0", "heads/")).toEqual(["heads/1", "heads/2", "heads/3"]);
    expect(await after("heads/3", "heads/")).toEqual([]);
    expect(await after("packs/", "packs/b")).toEqual(["packs/b"]);
  });

  test("a listing can be left before its end", async () => {
    const store = await makeStore();
    for (const name of ["packs/a", "packs/b", "packs/c"]) await store.put(name, someBytes(1));
    for await (const { name } of store.list("packs/")) {
      expect(name).toBe("packs/a");
      break;
    }
    expect(await listed(store)).toHaveLength(3);
  });
}

const badNames = [
  "",
  "a",
  "heads",
  "heads/",
  "/heads/a",
  "heads/A",
  "heads/a.b",
  "heads/a/b",
  "heads/../slots/a",
  "heads/a\n",
  "heads/a ",
  "heads/念",
  "tmp/a",
  "other/a",
  "Heads/a",
  `heads/${"a".repeat(41)}`,
  "heads\\a",
  "heads/a\u0000",
];

function refusalTests(makeStore: MakeStore): void {
  test("a name that no vault uses is refused by every verb", async () => {
    const store = await makeStore();
    for (const name of badNames) {
      const calls = [() => store.put(name, someBytes(1)), () => store.get(name), () => store.remove(name)];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "store.bad-name" });
    }
    expect(await listed(store)).toEqual([]);
    expect(await store.put(`heads/${"a".repeat(40)}`, someBytes(1))).toBe("stored");
  });

  test("a signal that has fired stops every verb", async () => {
    const store = await makeStore();
    await store.put("packs/a", someBytes(9));
    const options = { signal: AbortSignal.abort() };
    const calls = [
      () => store.put("packs/b", someBytes(1), options),
      () => store.get("packs/a", undefined, options),
      () => store.remove("packs/a", options),
      async () => {
        for await (const _ of store.list("", options));
      },
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "base.aborted" });
    expect(await listed(store)).toEqual(["packs/a"]);
  });

  test("a put that is stopped on its way leaves the object whole or absent", async () => {
    const store = await makeStore();
    const bytes = someBytes(300_000);
    for (let turns = 0; turns < 12; turns++) {
      const stop = new AbortController();
      const put = store.put(`packs/s${turns}`, bytes, { signal: stop.signal });
      const settled = put.catch((error: unknown) => error);
      for (let i = 0; i < turns; i++) await Promise.resolve();
      stop.abort();
      const outcome = await settled;
      const there = await store.get(`packs/s${turns}`);
      if (outcome !== "stored") expect(KeepsakeError.is(outcome, "base.aborted")).toBe(true);
      if (outcome === "stored" || there !== undefined) expect(there).toEqual(bytes);
    }
  });
}
