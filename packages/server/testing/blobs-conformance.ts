import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import type { Blobs, Expected, StoredBlob } from "../src/blobs/blobs.ts";

/** What every place for blobs is held to. `make` gives an empty one. */
export function blobsConformance(
  name: string,
  make: () => Promise<Blobs>,
  options: { readonly isResumable: boolean },
): void {
  describe(`${name} keeps the contract of blobs`, () => {
    content(make);
    if (options.isResumable) resuming(make);
    listing(make);
    test("an empty place is reached", async () => (await make()).reach());
  });
}

type Make = () => Promise<Blobs>;

function content(make: Make): void {
  test("a blob comes back as it was sent, whole and in ranges, of any length", async () => {
    const blobs = await make();
    for (const size of [0, 1, 1000, 300_000, 5_000_000]) {
      const [key, bytes] = [newKey(), randomBytes(size)];
      expect(await blobs.receive(key, inPieces(bytes), expectedOf(bytes))).toBe(true);
      expect(await blobs.has(key, expectedOf(bytes))).toBe(true);
      expect(await blobs.has(key, { ...expectedOf(bytes), sizeBytes: size + 1 })).toBe(false);
      if (size === 0) continue;
      expect(await read(blobs, key, { offset: 0, length: size })).toEqual(bytes);
      const [offset, length] = [Math.floor(size / 3), Math.ceil(size / 3)];
      expect(await read(blobs, key, { offset, length })).toEqual(bytes.subarray(offset, offset + length));
    }
  });

  test("what is not what was announced is never kept", async () => {
    const blobs = await make();
    const bytes = randomBytes(10_000);
    const expected = expectedOf(bytes);
    const wrong = { code: "upload.wrong-content" };
    const other = randomBytes(10_000);
    for (const sent of [other, Buffer.concat([bytes, other]), Buffer.concat([bytes, Buffer.of(1)])]) {
      const key = newKey();
      await expect(blobs.receive(key, inPieces(sent), expected)).rejects.toMatchObject(wrong);
      expect(await blobs.has(key, expected)).toBe(false);
    }
    const short = newKey();
    expect(await blobs.receive(short, inPieces(bytes.subarray(0, 9_999)), expected)).toBe(false);
    expect(await blobs.has(short, expected)).toBe(false);
    expect(await blobs.read(short, { offset: 0, length: 1 })).toBeUndefined();
  });

  test("a sender that goes away in the middle leaves nothing that counts", async () => {
    const blobs = await make();
    const [key, bytes] = [newKey(), randomBytes(200_000)];
    await expect(blobs.receive(key, breakingOff(bytes, 100_000), expectedOf(bytes))).rejects.toThrow();
    expect(await blobs.has(key, expectedOf(bytes))).toBe(false);
    expect(await blobs.receive(key, inPieces(bytes), expectedOf(bytes))).toBe(true);
    expect(await read(blobs, key, { offset: 0, length: bytes.length })).toEqual(bytes);
  });
}

function resuming(make: Make): void {
  test("an upload goes on where it was cut off, and nowhere else", async () => {
    const blobs = await make();
    const [key, bytes] = [newKey(), randomBytes(100_000)];
    expect(await blobs.receive(key, inPieces(bytes.subarray(0, 30_000)), expectedOf(bytes))).toBe(false);
    expect(await blobs.receivedBytes(key)).toBe(30_000);
    const wrong = { code: "upload.wrong-offset" };
    for (const offset of [20_000, 40_000])
      await expect(
        blobs.receive(key, inPieces(bytes.subarray(offset)), expectedOf(bytes), offset),
      ).rejects.toMatchObject(wrong);
    expect(await blobs.receive(key, inPieces(bytes.subarray(30_000)), expectedOf(bytes), 30_000)).toBe(true);
    expect(await read(blobs, key, { offset: 0, length: bytes.length })).toEqual(bytes);
  });
}

function listing(make: Make): void {
  test("the list is of all, in the order of keys, and what is removed is in it no more", async () => {
    const blobs = await make();
    expect(await listed(blobs)).toEqual([]);
    const keys = Array.from({ length: 12 }, newKey).toSorted((a, b) => (a < b ? -1 : 1));
    for (const key of keys.toReversed()) {
      const bytes = randomBytes(100);
      await blobs.receive(key, inPieces(bytes), expectedOf(bytes));
    }
    const list = await listed(blobs);
    expect(list.map(({ key, sizeBytes, isWhole }) => [key, sizeBytes, isWhole])).toEqual(
      keys.map((key) => [key, 100, true]),
    );
    for (const { storedMs } of list) expect(Math.abs(storedMs - Date.now())).toBeLessThan(10 * 60_000);
    await blobs.remove(keys[3]!);
    await blobs.remove(keys[3]!);
    expect((await listed(blobs)).map(({ key }) => key)).toEqual(keys.filter((_, i) => i !== 3));
    expect(await blobs.read(keys[3]!, { offset: 0, length: 10 })).toBeUndefined();
  });
}

function newKey(): string {
  return randomBytes(13).toString("hex");
}

function expectedOf(bytes: Uint8Array): Expected {
  return { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function inPieces(bytes: Uint8Array): Readable {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 70_000) pieces.push(bytes.subarray(at, at + 70_000));
  return Readable.from(pieces);
}

async function* breakingOff(bytes: Uint8Array, after: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, after);
  await Promise.resolve();
  throw Object.assign(new TypeError("gone"), { code: "ECONNRESET" });
}

async function read(
  blobs: Blobs,
  key: string,
  range: { readonly offset: number; readonly length: number },
): Promise<Buffer | undefined> {
  const stream = await blobs.read(key, range);
  return stream === undefined ? undefined : buffer(stream);
}

async function listed(blobs: Blobs): Promise<StoredBlob[]> {
  const all: StoredBlob[] = [];
  for await (const blob of blobs.list()) all.push(blob);
  return all;
}
