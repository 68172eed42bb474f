import { describe, expect, test } from "vitest";
import { concatBytes, type Bytes } from "../../base/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { addObject, readObject, type ObjectSpec } from "../objects.ts";
import { memoryStore } from "../store/memory.ts";
import type { Store } from "../store/store.ts";
import { isLadderSize } from "./ladder.ts";
import { PackReader, readPackDirectory } from "./read.ts";
import { PackWriter, type PackWriterOptions, type StoredPack } from "./write.ts";

const primitives = await testPrimitives();
const vaultId = new Uint8Array(16).fill(1);
const key = new Uint8Array(32).fill(2);
const spec: ObjectSpec = {
  type: "lane",
  vaultId,
  key: new Uint8Array(32).fill(3),
  epoch: 0,
  collection: "ab".repeat(16),
};

function writerFor(options: Partial<PackWriterOptions> = {}) {
  const store = memoryStore();
  const packs: StoredPack[] = [];
  const onStored = (pack: StoredPack): void => void packs.push(pack);
  const writer = new PackWriter({
    primitives,
    store,
    vaultId,
    key,
    epoch: 0,

    onStored,
    ...options,
  });
  return { store, packs, writer };
}

const filled = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte);

describe("packs", () => {
  test("give every object back", async () => {
    const { store, packs, writer } = writerFor();
    const contents = Array.from({ length: 40 }, (_, i) => primitives.random(1000 * i));
    const placed = [];
    for (const bytes of contents)
      placed.push(await addObject(primitives, writer, spec, { bytes, isMedia: true }));
    await writer.flush();
    expect(packs).toHaveLength(1);
    const reader = new PackReader(store);
    for (const [i, placement] of placed.entries()) {
      expect(await readObject(primitives, reader, spec, placement)).toEqual(contents[i]);
    }
  });

  test("give what is expected in few ranges, and what is not by itself", async () => {
    const { store, writer } = writerFor();
    const contents = Array.from({ length: 30 }, () => primitives.random(50_000));
    const placed = [];
    for (const bytes of contents)
      placed.push(await addObject(primitives, writer, spec, { bytes, isMedia: true }));
    await writer.flush();
    const lengths: number[] = [];
    const counted: Store = {
      ...store,
      get(name, range, options) {
        lengths.push(range!.length);
        return store.get(name, range, options);
      },
    };
    const reader = new PackReader(counted);
    const expected = placed.filter((_, i) => i % 2 === 0 && i < 24);
    reader.expect(expected.toReversed());
    for (const [i, placement] of placed.entries())
      if (i !== 28) expect(await readObject(primitives, reader, spec, placement)).toEqual(contents[i]);
    // Two of at most a megabyte, as what lies between is not far; and for the last ones one each.
    expect(lengths.length).toBeLessThan(10);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1024 * 1024 + 128 * 1024);
    expect(lengths.at(-1)).toBeLessThanOrEqual(128 * 1024);
  });

  test("have sizes of the ladder only, and nothing readable but the header", async () => {
    const { store, writer } = writerFor();
    for (let i = 0; i < 12; i++)
      await addObject(primitives, writer, spec, { bytes: primitives.random(3_000_000), isMedia: true });
    await writer.flush();
    expect(store.objects.size).toBe(3);
    for (const bytes of store.objects.values()) {
      expect(isLadderSize(bytes.length)).toBe(true);
      expect(Array.from(bytes.slice(0, 8))).toEqual([0x4b, 0x50, 0x53, 0x4b, 1, 1, 0x50, 0]);
    }
  });

  test("of the same size come from a message more or less", async () => {
    const sizes = [];
    for (const length of [5000, 5001]) {
      const { packs, writer } = writerFor();
      await addObject(primitives, writer, spec, { bytes: primitives.random(length), isMedia: true });
      await writer.flush();
      sizes.push(packs[0]!.sizeBytes);
    }
    expect(sizes[0]).toBe(sizes[1]);
  });

  test("list their objects in a sealed directory", async () => {
    const { store, packs, writer } = writerFor();
    const refs = [
      await addObject(primitives, writer, spec, { bytes: filled(10, 1) }),
      await addObject(primitives, writer, spec, { bytes: filled(20, 2) }),
    ];
    await writer.flush();
    const [{ name }] = packs as [StoredPack];
    const file = store.objects.get(`packs/${name}`)!;
    const entries = await readPackDirectory({ primitives, vaultId, key, epoch: 0 }, name, file);
    const elsewhere = readPackDirectory({ primitives, vaultId, key, epoch: 0 }, "another", file);
    await expect(elsewhere).rejects.toMatchObject({ code: "vault.corrupt" });
    expect(entries.map(({ type, collection }) => [type, collection])).toEqual([
      ["lane", "ab".repeat(16)],
      ["lane", "ab".repeat(16)],
    ]);
    expect(entries.map(({ id }) => id)).toEqual(refs.map(([, , , digest]) => digest));
  });

  test("cut short, swapped or missing are found out", async () => {
    const { store, packs, writer } = writerFor();
    const placement = await addObject(primitives, writer, spec, { bytes: filled(5000, 1), isMedia: true });
    await writer.flush();
    const name = `packs/${packs[0]!.name}`;
    const file = store.objects.get(name)!;
    const read = (): Promise<Bytes> => readObject(primitives, new PackReader(store), spec, placement);
    store.objects.set(name, file.slice(0, 40));
    await expect(read()).rejects.toMatchObject({ code: "vault.corrupt" });
    store.objects.set(name, concatBytes(file.slice(0, 9), file.slice(8)));
    await expect(read()).rejects.toMatchObject({ code: "vault.corrupt" });
    store.objects.delete(name);
    await expect(read()).rejects.toMatchObject({ code: "store.not-found" });
  });
});
