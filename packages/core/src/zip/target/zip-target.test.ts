import fc from "fast-check";
import { expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { targetConformance } from "../../../testing/sources/conformance.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { concatBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import { formats, memoryFile, memoryTarget, type FileWriter, type Source } from "../../formats/index.ts";
import type { SourceFile } from "../../model/index.ts";
import type { ByteSink } from "./entry-output.ts";
import { zipLimits } from "../limits.ts";
import { zipSource } from "../source/zip-source.ts";
import { zipTarget, type ZipTarget, type ZipTargetOptions } from "./zip-target.ts";

const primitives = await testPrimitives();
const modifiedMs = Date.UTC(2026, 1, 3, 4, 5, 6);

/** A zip in memory while it is written, and what it holds in the end. */
function newZip(options: Partial<ZipTargetOptions> = {}): {
  readonly zip: ZipTarget;
  readonly source: () => Promise<Source>;
} {
  const pieces: Bytes[] = [];
  let isClosed = false;
  const sink: ByteSink = {
    write: (bytes) => Promise.resolve(void pieces.push(new Uint8Array(bytes))),
    close: () => Promise.resolve(void (isClosed = true)),
  };
  return {
    zip: zipTarget(sink, { modifiedMs, ...options }),
    async source() {
      expect(isClosed).toBe(true);
      return zipSource(memoryFile("a.zip", new Uint8Array(await new Blob(pieces).arrayBuffer())));
    },
  };
}

targetConformance("a zip", () => {
  const { zip, source } = newZip();
  const read = async (): Promise<Source> => {
    await zip.close();
    return source();
  };
  return Promise.resolve({ target: zip, source: read });
});

async function contents(source: Source): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const file of source.files((finding) => expect(finding).toBeUndefined())) {
    const pieces: Bytes[] = [];
    for await (const piece of file.open()) pieces.push(piece);
    found[file.path] = new TextDecoder("latin1").decode(concatBytes(...pieces));
  }
  return found;
}

interface Step {
  readonly what: string;
  readonly which: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A zip that is written step by step, and what it is to hold in the end. */
class Writing {
  readonly expected = new Map<string, Bytes>([["top", new Uint8Array()]]);
  readonly #zip: ZipTarget;
  readonly #open: { path: string; writer: FileWriter; bytes: Bytes }[] = [];

  constructor(zip: ZipTarget) {
    this.#zip = zip;
  }

  async take({ what, which, name, bytes }: Step): Promise<void> {
    const path = `${which}-${name}`;
    if (what === "create" || what === "put") return this.#begin(what, path, new Uint8Array(bytes));
    const chosen = this.#open[which % this.#open.length];
    if (chosen === undefined) return;
    if (what === "write") {
      chosen.bytes = concatBytes(chosen.bytes, bytes);
      return chosen.writer.write(bytes);
    }
    this.#open.splice(which % this.#open.length, 1);
    if (what === "close") {
      this.expected.set(chosen.path, chosen.bytes);
      await chosen.writer.close();
    }
    await chosen.writer[Symbol.asyncDispose]();
    if ((await this.#zip.has(chosen.path)) !== (what === "close")) throw new RangeError("has is wrong");
  }

  async end(): Promise<void> {
    for (const { writer } of this.#open) await writer[Symbol.asyncDispose]();
    await this.#zip.close();
  }

  async #begin(what: "create" | "put", path: string, bytes: Bytes): Promise<void> {
    if (await this.#zip.has(path)) {
      const refused = await this.#zip.create(path).catch((error: unknown) => error);
      if (!KeepsakeError.is(refused, "format.target-exists")) throw new RangeError("was written over");
    } else if (what === "create")
      this.#open.push({ path, writer: await this.#zip.create(path), bytes: new Uint8Array() });
    else {
      await this.#zip.put(path, memoryFile("other", bytes));
      this.expected.set(path, bytes);
    }
  }
}

test("what is written in any order, whole or in pieces, is what is read", async () => {
  const step = fc.record({
    what: fc.constantFrom("create", "write", "write", "close", "give up", "put"),
    which: fc.nat(5),
    name: fc.constantFrom("a.json", "b.jpg", "folder/c.txt", "图片/d.png", "e"),
    bytes: fc.uint8Array({ maxLength: 3000 }),
  });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const { zip, source } = newZip();
    await zip.put("top", memoryFile("top", ""));
    const writing = new Writing(zip);
    for (const each of steps) await writing.take(each);
    await writing.end();
    const latin = new TextDecoder("latin1");
    const wanted = [...writing.expected].map(([path, bytes]) => [path, latin.decode(bytes)] as const);
    expect(await contents(await source())).toEqual(Object.fromEntries(wanted));
  });
  await fc.assert(property, { numRuns: 60 });
});

test("more files than a small zip can count are all there", async () => {
  const { zip, source } = newZip();
  for (let i = 0; i < 66_000; i++) await zip.put(String(i), memoryFile("x", ""));
  await zip.close();
  let count = 0;
  for await (const _ of (await source()).files()) count++;
  expect(count).toBe(66_000);
});

const writable = formats
  .filter((format) => format.write !== undefined)
  .map((format) => [format.id, format] as const);

test.each(writable)("a history written as %s into a zip is what it is in a folder", async (_, format) => {
  const made = { seed: 6, messages: 300, attachmentBytes: 60_000 };
  const target = memoryTarget();
  const { zip, source } = newZip();
  await format.write!(madeHistory(made), target, { primitives, now: 0 });
  await format.write!(madeHistory(made), zip, { primitives, now: 0 });
  await zip.close();
  expect(await contents(await source())).toEqual(await contents(target.source()));
});

test("files have the time that they come with, or that of the whole", async () => {
  const { zip, source } = newZip();
  await zip.put("a", memoryFile("x", "a", Date.UTC(2020, 0, 1, 0, 0, 1)));
  await zip.put("b", memoryFile("x", "b"));
  await zip.put("c", memoryFile("x", "c", Date.UTC(2300, 0, 1)));
  await zip.close();
  const times = [];
  for await (const file of (await source()).files()) times.push(file.modifiedMs);
  expect(times).toEqual([Date.UTC(2020, 0, 1, 0, 0, 1), modifiedMs, undefined]);
});

function broken(bytes: number): SourceFile {
  return {
    path: "x",
    sizeBytes: 10,
    async *open() {
      yield* memoryFile("x", new Uint8Array(bytes)).open();
      throw new KeepsakeError("format.unreadable");
    },
  };
}

test("a file that cannot be copied is named and left out, and the others are there", async () => {
  const failed: string[] = [];
  const { zip, source } = newZip({ onFailed: (path) => failed.push(path) });
  await zip.put("a", memoryFile("x", "a"));
  await zip.put("b.txt", broken(300_000));
  await zip.put("c.jpg", broken(3));
  await zip.put("d", memoryFile("x", "d"));
  await zip.close();
  expect(failed).toEqual(["b.txt", "c.jpg"]);
  expect(await contents(await source())).toEqual({ a: "a", d: "d" });
});

test("where nobody asks for what failed, the zip is not finished", async () => {
  const { zip } = newZip();
  await zip.put("b.txt", broken(3));
  await expect(zip.close()).rejects.toMatchObject({ code: "format.unreadable" });
});

test("an empty folder is one when it is read back, and waits for a file that is being written", async () => {
  const { zip, source } = newZip();
  {
    await using first = await zip.create("a/b.txt");
    await zip.makeFolder("a/none");
    await first.write(textToBytes("b"));
    await first.close();
  }
  await zip.makeFolder("none");
  await expect(zip.makeFolder("none")).rejects.toMatchObject({ code: "format.target-exists" });
  await expect(zip.makeFolder("../out")).rejects.toMatchObject({ code: "format.unsafe-path" });
  await zip.close();
  const read = await source();
  expect(await contents(read)).toEqual({ "a/b.txt": "b" });
  const empty: string[] = [];
  for await (const path of read.emptyFolders!()) empty.push(path);
  expect(empty).toEqual(["a/none", "none"]);
});

test("unsafe paths are refused", async () => {
  const { zip } = newZip();
  for (const path of ["../a", "/a", "con", "a\\b", ""]) {
    await expect(zip.create(path)).rejects.toMatchObject({ code: "format.unsafe-path" });
    await expect(zip.put(path, memoryFile("a", ""))).rejects.toMatchObject({ code: "format.unsafe-path" });
  }
});

test("no more waits in memory than may", async () => {
  const { zip } = newZip();
  await zip.create("a.txt");
  const second = await zip.create("b.txt");
  const piece = new Uint8Array(zipLimits.waitingBytes / 4);
  for (let i = 0; i < 4; i++) await second.write(piece);
  await expect(second.write(textToBytes("x"))).rejects.toMatchObject({ code: "base.limit" });
});

test.each(["a.txt", "a.jpg"])("a sink that takes no more is told of: %s", async (path) => {
  let left = 3;
  const full = new KeepsakeError("store.full");
  const write = (): Promise<void> => (left-- > 0 ? Promise.resolve() : Promise.reject(full));
  const zip = zipTarget({ write, close: () => Promise.resolve() }, { modifiedMs });
  const writing = (async () => {
    await using file = await zip.create(path);
    const noise = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) >> (i % 11));
    for (let i = 0; i < 50; i++) await file.write(noise);
    await file.close();
  })();
  await expect(writing).rejects.toBe(full);
  await expect(zip.close()).rejects.toBe(full);
});

test("it stops when it is told to", async () => {
  const stop = new AbortController();
  const { zip } = newZip({ signal: stop.signal });
  const writer = await zip.create("a.txt");
  await zip.put("b", memoryFile("b", "b"));
  stop.abort();
  await expect(writer.close()).rejects.toMatchObject({ code: "base.aborted" });
});

test("text is packed, and pictures are not", async () => {
  const pieces: number[] = [];
  const write = (bytes: Uint8Array): Promise<void> => Promise.resolve(void pieces.push(bytes.length));
  const zip = zipTarget({ write, close: () => Promise.resolve() }, { modifiedMs });
  await zip.put("a.json", memoryFile("a", "x".repeat(100_000)));
  const packed = pieces.reduce((sum, length) => sum + length, 0);
  await zip.put("a.jpg", memoryFile("a", "x".repeat(100_000)));
  const both = pieces.reduce((sum, length) => sum + length, 0);
  expect(packed).toBeLessThan(1000);
  expect(both).toBeGreaterThan(100_000);
});
