import { describe, expect, test } from "vitest";
import {
  bytesToText,
  concatBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
  type Finding,
} from "../../src/base/index.ts";
import type { Source, Target } from "../../src/formats/index.ts";
import type { ByteRange, SourceFile } from "../../src/model/index.ts";

export type Contents = Readonly<Record<string, Bytes>>;

async function read(file: SourceFile, range?: ByteRange): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open(range)) pieces.push(piece);
  return concatBytes(...pieces);
}

/** What a source holds, by path in its order; findings are not expected. */
async function contentsOf(source: Source): Promise<Record<string, Bytes>> {
  const contents: Record<string, Bytes> = {};
  const findings: Finding[] = [];
  for await (const file of source.files((finding) => findings.push(finding)))
    contents[file.path] = await read(file);
  if (findings.length > 0) throw new RangeError(findings.map(({ code }) => code).join());
  return contents;
}

function long(length: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => (i * 7919) >> (i % 13));
}

const some: Contents = {
  "result.json": textToBytes('{"a":1}'),
  "a b.txt": textToBytes("x"),
  "a/c": textToBytes("in a folder"),
  "a.x": new Uint8Array(),
  "a/b/图片 1.jpg": long(2_500_000),
  "😀/b": textToBytes("b"),
  "\uff5e": textToBytes("after it by code units, not by code points"),
  __proto__x: textToBytes("y"),
};

/** The contract of `Source`, as tests. `make` gives a source of those files. */
export function sourceConformance(name: string, make: (files: Contents) => Promise<Source>): void {
  describe(`${name} keeps the contract of a source:`, () => {
    test("files come in order of path, with their sizes and bytes, and again", async () => {
      const source = await make(some);
      for (let time = 0; time < 2; time++) {
        const contents = await contentsOf(source);
        expect(Object.keys(contents)).toEqual(Object.keys(some).sort());
        expect(contents).toEqual(some);
      }
      for await (const { path, sizeBytes } of source.files()) expect(sizeBytes).toBe(some[path]!.length);
    });

    test("a file is found by its path, and read in any range, any number of times", async () => {
      const source = await make(some);
      const bytes = some["a/b/图片 1.jpg"]!;
      const file = (await source.file("a/b/图片 1.jpg"))!;
      expect(file).toMatchObject({ path: "a/b/图片 1.jpg", sizeBytes: bytes.length });
      for (const [start, end] of [
        [0, 0],
        [0, 1],
        [5, 5],
        [1_048_570, 1_048_590],
        [0, 3_000_000],
        [2_499_999, 2_500_000],
        [2_500_000, 2_500_001],
        [2_400_000, undefined],
      ] as const) {
        const range = end === undefined ? { start } : { start, end };
        expect(await read(file, range)).toEqual(bytes.slice(start, end));
      }
      for await (const piece of file.open()) {
        expect(piece.length).toBeLessThanOrEqual(4 * 1024 * 1024);
        break;
      }
      expect(bytesToText(await read((await source.file("result.json"))!))).toBe('{"a":1}');
    });

    test("what is not there is undefined, and so is every path that leads out", async () => {
      const source = await make(some);
      const paths = ["none", "a", "a/b", "a/none", "", "/a.x", "../a.x", "a/../a.x", "./a.x", "a.x/", "a\\c"];
      for (const path of [...paths, "result.json/x", "__proto__", "C:/a.x"])
        expect(await source.file(path)).toBeUndefined();
    });

    test("folders are those right below, in order", async () => {
      expect(await (await make(some)).folders()).toEqual(["a", "😀"]);
      expect(await (await make({ x: new Uint8Array() })).folders()).toEqual([]);
    });

    test("reading may end early, and two readings do not know of each other", async () => {
      const source = await make(some);
      for await (const { path } of source.files()) {
        expect(path).toBe("__proto__x");
        break;
      }
      const [one, other] = await Promise.all([contentsOf(source), contentsOf(source)]);
      expect(one).toEqual(other);
    });
  });
}

/** A new and empty target, and what it holds. */
export interface MadeTarget {
  readonly target: Target;
  /** After it nothing is written any more. */
  readonly source: () => Promise<Source>;
}

/** The contract of `Target`, as tests. */
export function targetConformance(name: string, make: () => Promise<MadeTarget>): void {
  describe(`${name} keeps the contract of a target:`, () => {
    test("what is written is what is read, whatever is written meanwhile", async () => {
      const { target, source } = await make();
      const writers = await Promise.all(
        Object.keys(some).map(async (path) => ({ path, file: await target.create(path) })),
      );
      for (const { path, file } of writers) {
        const bytes = some[path]!;
        for (let at = 0; at < bytes.length; at += 700_000) {
          const piece = bytes.slice(at, at + 700_000);
          await file.write(piece);
          piece.fill(0);
        }
      }
      for (const { file } of writers) await file.close();
      expect(await contentsOf(await source())).toEqual(some);
    });

    test("nothing is written over", async () => {
      const { target, source } = await make();
      expect(await target.has("a/b")).toBe(false);
      const file = await target.create("a/b");
      await file.write(textToBytes("first"));
      expect(await target.has("a/b")).toBe(true);
      const exists = { code: "format.target-exists" };
      await expect(target.create("a/b")).rejects.toMatchObject(exists);
      await file.close();
      await expect(target.create("a/b")).rejects.toMatchObject(exists);
      expect(await target.has("a/b")).toBe(true);
      await (await target.create("top")).close();
      expect(await contentsOf(await source())).toEqual({
        "a/b": textToBytes("first"),
        top: new Uint8Array(),
      });
    });

    test("of several that create one file at once, one does", async () => {
      const { target } = await make();
      const asked = await Promise.allSettled([1, 2, 3].map(() => target.create("a")));
      expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const each of asked) {
        if (each.status === "fulfilled") await each.value.close();
        else expect(KeepsakeError.is(each.reason, "format.target-exists")).toBe(true);
      }
    });

    test("a file that is not closed is taken away, and its path is free again", async () => {
      const { target, source } = await make();
      {
        await using file = await target.create("a/b.txt");
        await file.write(textToBytes("1"));
      }
      expect(await target.has("a/b.txt")).toBe(false);
      const file = await target.create("a/b.txt");
      await file.write(textToBytes("2"));
      await file.close();
      await file[Symbol.asyncDispose]();
      await (await target.create("top")).close();
      expect(await contentsOf(await source())).toEqual({
        "a/b.txt": textToBytes("2"),
        top: new Uint8Array(),
      });
    });

    test.each(["", "../a", "/a", "a/../../b", "a\\b", "C:\\a", "con", "a/", "a//b", "a.", "a:b", "a\u0000"])(
      "a path that is not safe is refused: %j",
      async (path) => {
        const { target } = await make();
        await expect(target.create(path)).rejects.toMatchObject({ code: "format.unsafe-path" });
      },
    );
  });
}
