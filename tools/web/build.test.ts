import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHashes } from "./build.ts";
import { buildWebInto } from "./built.ts";
import { HASHES, hashFolder, sha256 } from "./hashes.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-build-"));
  await buildWebInto(join(folder, "one"));
  await buildWebInto(join(folder, "another"));
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const isCompressed = (path: string): boolean => /\.(?:br|gz)$/.test(path);

test("two builds are the same, byte for byte", async () => {
  const [one, another] = [await hashFolder(join(folder, "one")), await hashFolder(join(folder, "another"))];
  expect(Object.keys(one.files).length).toBeGreaterThan(10);
  expect(another).toEqual(one);
});

test("the list names every file, and what is sent compressed is the same file", async () => {
  const built = join(folder, "one");
  const { files, whole } = await readHashes(built);
  const paths = Object.keys((await hashFolder(built)).files);
  expect(paths.filter((path) => path !== HASHES && !isCompressed(path))).toEqual(Object.keys(files));
  for (const [path, hash] of Object.entries(files))
    expect([path, sha256(await readFile(join(built, path)))]).toEqual([path, hash]);
  expect(whole).toBe(
    sha256(
      Object.entries(files)
        .map(([path, hash]) => `${hash}  ${path}\n`)
        .join(""),
    ),
  );
  const compressed = paths.filter(isCompressed);
  expect(compressed.length).toBeGreaterThan(20);
  for (const path of compressed) {
    const bytes = await readFile(join(built, path));
    const plain = path.endsWith(".br") ? brotliDecompressSync(bytes) : gunzipSync(bytes);
    expect([path, plain.equals(await readFile(join(built, path.slice(0, -3))))]).toEqual([path, true]);
  }
});

test("a file whose name stays has one that says what is in it, and no map of the sources goes out", async () => {
  const names = await readdir(join(folder, "one", "assets"));
  expect(names.filter((name) => !/-[\w-]{8}\.(?:js|css|wasm)(?:\.br|\.gz)?$/.test(name))).toEqual([]);
  const files = await readdir(join(folder, "one"), { recursive: true });
  expect(files.filter((name) => name.endsWith(".map"))).toEqual([]);
  for (const name of names.filter((each) => each.endsWith(".js")))
    expect(await readFile(join(folder, "one", "assets", name), "utf8")).not.toContain("sourceMappingURL");
});
