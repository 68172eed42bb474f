import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceConformance } from "../../../testing/sources/conformance.ts";
import { deflate, packZip, u16, u32, type Packed } from "../../../testing/zip/pack.ts";
import { bytesToText, concatBytes, textToBytes, type Bytes, type Finding } from "../../base/index.ts";
import { memoryFile, type Source } from "../../formats/index.ts";
import type { ByteRange, SourceFile } from "../../model/index.ts";
import { crc32 } from "../crc32.ts";
import { zipLimits } from "../limits.ts";
import { isZip, zipSource } from "./zip-source.ts";

async function open(entries: readonly Packed[], shape?: Parameters<typeof packZip>[1]): Promise<Source> {
  return zipSource(memoryFile("a.zip", await packZip(entries, shape)));
}

async function read(file: SourceFile | undefined, range?: ByteRange): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file!.open(range)) pieces.push(piece);
  return concatBytes(...pieces);
}

async function readText(source: Source, path: string): Promise<string> {
  return bytesToText(await read(await source.file(path)));
}

/** Paths of all files, then codes of findings with the place that they name. */
async function look(source: Source): Promise<string[]> {
  const [paths, findings]: [string[], Finding[]] = [[], []];
  for await (const { path } of source.files((finding) => findings.push(finding))) paths.push(path);
  return [...paths, ...findings.map(({ code, where }) => (where === undefined ? code : `${code} ${where}`))];
}

for (const method of [0, 8])
  sourceConformance(method === 0 ? "a zip of stored files" : "a zip of deflated files", (files) =>
    open(Object.entries(files).map(([name, content]) => ({ name, content, method }))),
  );

const damaged = { code: "format.zip-damaged" };

describe("what a zip holds", () => {
  const any = fc.array(
    fc.record({
      content: fc.oneof(
        fc.uint8Array({ maxLength: 600 }),
        fc.nat(300_000).map((length) => new Uint8Array(length).fill(7)),
      ),
      method: fc.constantFrom(0, 8),
      isLarge: fc.boolean(),
    }),
    { maxLength: 8 },
  );

  test("is read back in order of path, whole and in any range", async () => {
    const shape = fc.record({
      comment: fc.constantFrom("", "a comment PK\u0005\u0006"),
      before: fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes)),
      isLarge: fc.boolean(),
    });
    const property = fc.asyncProperty(any, shape, fc.nat(1000), fc.nat(1000), async (files, how, a, b) => {
      const entries = files.map((file, i) => ({
        ...file,
        name: `${i % 3}/${i}`,
        content: new Uint8Array(file.content),
      }));
      const source = await open([...entries, { name: "top" }], how);
      expect(await look(source)).toEqual([...entries.map(({ name }) => name), "top"].sort());
      for (const { name, content } of entries) {
        const file = (await source.file(name))!;
        expect(file.sizeBytes).toBe(content.length);
        expect(await read(file)).toEqual(content);
        const [start, end] = a < b ? [a, b] : [b, a];
        expect(await read(file, { start, end })).toEqual(content.slice(start, end));
        expect(await read(file, { start })).toEqual(content.slice(start));
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });

  test("lies in one folder as a rule, and then that folder is the source", async () => {
    const inFolder = await open([
      { name: "export/" },
      { name: "export/b/c" },
      { name: "export/a" },
      { name: "__MACOSX/export/._a" },
    ]);
    expect(await look(inFolder)).toEqual(["a", "b/c", "zip.mac-attributes"]);
    expect(await inFolder.folders()).toEqual(["b"]);
    expect(await inFolder.file("export/a")).toBeUndefined();
    const inTwo = await open([{ name: "export/a" }, { name: "other/" }]);
    expect(await look(inTwo)).toEqual(["export/a"]);
    expect(await inTwo.folders()).toEqual(["export", "other"]);
    for await (const path of inTwo.emptyFolders!()) expect(path).toBe("other");
    expect(await look(await open([]))).toEqual([]);
  });

  test("has names in UTF-8, in GBK, or twice", async () => {
    const chinese = Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd);
    const unicode = textToBytes("好");
    const extra = (raw: Bytes): Bytes =>
      concatBytes(u16(0x7075, 5 + unicode.length), Uint8Array.of(1), u32(crc32(raw)), unicode);
    const source = await open([
      { name: textToBytes("你") },
      { name: chinese },
      { name: Uint8Array.of(0xff, 0x41) },
      { name: Uint8Array.of(0x61), extra: extra(Uint8Array.of(0x61)) },
      { name: Uint8Array.of(0x62), extra: extra(Uint8Array.of(0x61)) },
    ]);
    expect(await look(source)).toEqual(["b", "ÿA", "你", "好", "张三"].sort());
  });

  test("was written when it says so without a zone", async () => {
    const extra = concatBytes(u16(0x5455, 5), Uint8Array.of(1), u32(1_700_000_000));
    const source = await open([{ name: "a", extra }, { name: "b" }]);
    expect((await source.file("a"))!.modifiedMs).toBe(1_700_000_000_000);
    expect((await source.file("b"))!.modifiedMs).toBeUndefined();
  });

  test("tells of other content by its checksum", async () => {
    const stamps = [];
    for (const content of ["one", "two", "one"])
      stamps.push((await (await open([{ name: "a", content }])).file("a"))!.changed);
    expect(stamps[0]).toBe(stamps[2]);
    expect(stamps[0]).not.toBe(stamps[1]);
  });
});

describe("an entry that is not as it should be", () => {
  const link = 0xa1ff * 0x10000;
  const broken: Record<string, readonly [Packed, string]> = {
    "leads out": [{ name: "../../etc/passwd" }, "zip.unsafe-path"],
    "leads out by backslashes": [{ name: "..\\..\\x" }, "zip.unsafe-path"],
    "begins at the root": [{ name: "/etc/passwd" }, "zip.unsafe-path"],
    "begins at a drive": [{ name: "C:\\x" }, "zip.unsafe-path"],
    "has no name": [{ name: "" }, "zip.unsafe-path"],
    "has a NUL in its name": [{ name: "a\u0000b" }, "zip.unsafe-path"],
    "has a name without end": [{ name: "x".repeat(5000) }, "zip.unsafe-path"],
    "lies too deep": [{ name: "x/".repeat(80) + "x" }, "format.too-deep"],
    "is a link": [{ name: "x", content: "/etc/passwd", attributes: link }, "format.link x"],
    "is a device": [{ name: "x", attributes: 0x2000 * 0x10000 }, "format.no-file x"],
    "is encrypted": [{ name: "x", content: "x", flags: 1 }, "zip.encrypted x"],
    "is packed in another way": [{ name: "x", content: "x", method: 93 }, "zip.unknown-method x"],
    "has the name of another": [{ name: "good", content: "another" }, "zip.same-name good"],
    "has the name of a folder": [{ name: "folder", content: "x" }, "zip.same-name folder"],
    "says a size that deflate cannot reach": [{ name: "x", sizeBytes: 10_000_000 }, "zip.wrong-size x"],
    "is stored in fewer bytes than it has": [
      { name: "x", content: "x", method: 0, sizeBytes: 9 },
      "zip.wrong-size x",
    ],
    "goes on past the end": [{ name: "x", content: "x", packedBytes: 99_999 }, "zip.wrong-size x"],
    "lies past the end": [{ name: "x", content: "x", at: 99_999 }, "zip.wrong-size x"],
    "has numbers without end": [
      { name: "x", isLarge: true, packedBytes: 2 ** 60, sizeBytes: 2 ** 60 },
      "zip.wrong-size x",
    ],
    "reaches into the next one": [{ name: "x", content: "x", packedBytes: 20 }, "zip.overlap x"],
  };

  test.each(Object.entries(broken))(
    "that %s is passed over, and the others are read",
    async (_, [entry, finding]) => {
      const source = await open([
        { name: "good", content: "good" },
        entry,
        { name: "folder/more", content: "more".repeat(50) },
      ]);
      expect(await look(source)).toEqual(["folder/more", "good", finding]);
      expect(await readText(source, "good")).toBe("good");
      expect(await readText(source, "folder/more")).toBe("more".repeat(50));
    },
  );

  test.each<readonly [string, Packed]>([
    ["is longer than it says", { name: "x", content: "x".repeat(100), sizeBytes: 50 }],
    ["is shorter than it says", { name: "x", content: "x".repeat(100), sizeBytes: 150 }],
    ["has another checksum", { name: "x", content: "x", crc: 7 }],
    ["has another checksum and is stored", { name: "x", content: "x", method: 0, crc: 7 }],
    ["is not deflated", { name: "x", content: "x", packed: textToBytes("\xff\xff\xff") }],
    ["is cut off", { name: "x", content: "x".repeat(99), packed: Uint8Array.of(0x4b) }],
    ["does not lie where it says", { name: "x", content: "x", at: 1, localExtra: new Uint8Array(9) }],
  ])("that %s is found out by reading it", async (_, entry) => {
    const source = await open([{ name: "good", content: "good".repeat(30) }, entry].toReversed());
    const [file, good] = [await source.file("x"), await source.file("good")];
    await expect(read(file)).rejects.toMatchObject(damaged);
    expect(bytesToText(await read(good))).toBe("good".repeat(30));
  });

  test("gives no more than it says, whatever it unpacks to", async () => {
    const bomb = await deflate(new Uint8Array(20_000_000));
    const source = await open([{ name: "x", packed: bomb, sizeBytes: 1000 }]);
    let given = 0;
    const reading = (async () => {
      for await (const piece of (await source.file("x"))!.open()) given += piece.length;
    })();
    await expect(reading).rejects.toMatchObject(damaged);
    expect(given).toBeLessThanOrEqual(1000);
  });

  test("of a name that was not looked for is never found", async () => {
    const source = await open([{ name: "../x", content: "x" }, { name: "a" }]);
    for (const path of ["../x", "x", "", "/a", "__proto__", "a/"])
      expect(await source.file(path)).toBeUndefined();
  });
});

describe("a zip that is a bomb", () => {
  test("unpacks to so much and no more", async () => {
    const large = { method: 8, sizeBytes: 3_000_000_000, packed: new Uint8Array(3_000_000) };
    const source = await open([
      { name: "a", ...large },
      { name: "b", ...large },
      { name: "c", content: "c" },
    ]);
    expect(await look(source)).toEqual(["a", "c", "zip.bomb b"]);
  });

  test("of entries that share their bytes is read as far as none do", async () => {
    const shared = Array.from({ length: 50 }, (_, i) => ({ name: `x${i}`, at: 0, content: "x" }));
    const source = await open([...shared, { name: "y", content: "y" }]);
    const seen = await look(source);
    expect(seen.filter((each) => each.startsWith("zip.overlap"))).toHaveLength(49);
    expect(await readText(source, "y")).toBe("y");
  });

  test("of more entries than anything has is refused before it is read", async () => {
    const bytes = await packZip([{ name: "a" }], { isLarge: true, entries: 2 ** 40 });
    await expect(zipSource(memoryFile("a", bytes))).rejects.toMatchObject({ code: "base.limit" });
  });

  test("tells of a hundred broken entries one by one, and counts the others", async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({ name: `x${i}`, flags: 1, content: "x" }));
    const findings: Finding[] = [];
    const source = await open([...many, { name: "a" }]);
    for await (const _ of source.files((finding) => findings.push(finding)));
    expect(findings).toHaveLength(zipLimits.findings + 1);
    expect(findings.at(-1)).toEqual({ code: "zip.encrypted", severity: "error", count: 150 });
  });
});

describe("a zip that is not all there", () => {
  test("is refused wherever it was cut off", async () => {
    const bytes = await packZip([
      { name: "a", content: "a" },
      { name: "b", content: "b" },
    ]);
    for (let length = 0; length < bytes.length; length++)
      await expect(zipSource(memoryFile("a", bytes.slice(0, length)))).rejects.toMatchObject(damaged);
  });

  test("is one of several parts, or has a list elsewhere, and is refused", async () => {
    const bytes = await packZip([{ name: "a" }]);
    for (const [field, value] of [
      [4, 1],
      [12, 0xff],
      [16, 0xff],
    ] as const) {
      const wrong = bytes.slice();
      wrong[wrong.length - 22 + field] = value;
      await expect(zipSource(memoryFile("a", wrong))).rejects.toMatchObject(damaged);
    }
  });

  test("has a list that breaks off: what it named before is read, and it is said", async () => {
    const bytes = await packZip([{ name: "a", content: "a" }, { name: "b" }]);
    // The version that packed it stands behind the mark of an entry of the list.
    const second = bytes.lastIndexOf(3) - 5;
    expect(bytes.slice(second, second + 4)).toEqual(Uint8Array.of(0x50, 0x4b, 1, 2));
    bytes[second] = 0;
    const source = await zipSource(memoryFile("a", bytes));
    expect(await look(source)).toEqual(["a", "zip.list-cut-off"]);
    expect(await readText(source, "a")).toBe("a");
    const fewer = await open([{ name: "a" }], { entries: 3 });
    expect(await look(fewer)).toEqual(["a", "zip.list-cut-off"]);
  });
});

test("reading that ends early lets the zip go", async () => {
  const bytes = await packZip([{ name: "a", content: new Uint8Array(3_000_000) }]);
  const plain = memoryFile("a.zip", bytes);
  let opened = 0;
  const file: SourceFile = {
    ...plain,
    async *open(range) {
      opened++;
      try {
        yield* plain.open(range);
      } finally {
        opened--;
      }
    },
  };
  const source = await zipSource(file);
  for await (const _ of (await source.file("a"))!.open()) break;
  expect(bytesToText(await read(await source.file("a"), { start: 5, end: 6 }))).toBe("\0");
  expect(opened).toBe(0);
});

test("what reading the zip throws comes through", async () => {
  const bytes = await packZip([{ name: "a", content: "a".repeat(50) }]);
  const plain = memoryFile("a.zip", bytes);
  let isGone = false;
  const file: SourceFile = {
    ...plain,
    async *open(range) {
      for await (const piece of plain.open(range)) {
        if (isGone && piece.length !== 30) throw new RangeError("gone");
        yield piece;
      }
    },
  };
  const source = await zipSource(file);
  isGone = true;
  await expect(read(await source.file("a"))).rejects.toThrow("gone");
});

test("a zip is known by its first bytes", async () => {
  expect(await isZip(memoryFile("a", await packZip([{ name: "a" }])))).toBe(true);
  expect(await isZip(memoryFile("a", await packZip([])))).toBe(true);
  for (const text of ["", "PK", "PK\u0003", "{}", "PK\u0001\u0002"])
    expect(await isZip(memoryFile("a", text))).toBe(false);
});
