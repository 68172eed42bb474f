import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@keepsake/core/base";
import { emptyContentRoot, emptyRoot, type FileSealer, type FileSealerStart } from "@keepsake/core/history";
import type { SourceFile } from "@keepsake/core/model";
import { folderSource, folderTarget, nodePrimitives as primitives } from "@keepsake/core/node";
import { folderStore } from "@keepsake/core/node/folder-store";
import { createVault } from "@keepsake/core/vault";
import { afterAll, expect, test } from "vitest";
import { counted } from "./source.ts";
import { backupThreads, type BackupThreads } from "./threads.ts";

const root = await mkdtemp(join(tmpdir(), "keepsake-stop-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const PART_BYTES = 4 * 1024 * 1024;

interface Begun {
  readonly threads: BackupThreads;
  readonly sealer: FileSealer;
  readonly files: readonly SourceFile[];
}

/** A thread that is to seal files of these sizes, for somebody who stops at the first that is counted. */
async function begin(name: string, sizes: readonly number[]): Promise<Begun> {
  const folder = join(root, name);
  const place = join(root, `${name}-vault`);
  for (const path of [folder, place])
    await (await folderTarget(path)).create("readme.txt").then((file) => file.close());
  for (const [i, size] of sizes.entries()) {
    const content = createHash("shake256", { outputLength: size }).update(`${name} ${i}`);
    await writeFile(join(folder, `${i}.bin`), content.digest());
  }
  const options = { primitives, store: folderStore(place), clock: systemClock, language: "en" } as const;
  const empty = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...empty, deviceName: "test" });
  const stop = new AbortController();
  const output = { report: () => stop.abort() };
  const source = { source: await folderSource(folder), place: folder, bytes: 1e9 };
  const read = counted(source, { output, signal: stop.signal });
  const threads = backupThreads({ vault, place }, source, read);
  const { pack: key, epoch } = vault.keyring.newest;
  const start: FileSealerStart = {
    known: [],
    packs: { vaultId: vault.id, key, epoch },
    onStored: () => undefined,
  };
  const sealer = threads.sealFiles!(start);
  const files = await Promise.all(sizes.map((_, i) => read.source.file(`${i}.bin`)));
  return { threads, sealer, files: files.map((file) => file!) };
}

test("of a file that is being sealed at a stop, every part that lies in a pack is told", async () => {
  const { threads, sealer, files } = await begin("parts", [8 * PART_BYTES]);
  await using _ = threads;
  const told: string[] = [];
  await expect(sealer.putParts(files[0]!, ({ sha256 }) => told.push(sha256))).rejects.toMatchObject({
    code: "base.aborted",
  });
  await sealer.flush();
  expect(told).toHaveLength(8);
});

test("a file that was sealed at a stop is told, and no other one begun", async () => {
  const { threads, sealer, files } = await begin("files", [PART_BYTES, PART_BYTES, PART_BYTES]);
  await using _ = threads;
  const both = await Promise.all(files.slice(0, 2).map((file) => sealer.put(file)));
  expect(both.map(({ stored }) => stored?.sizeBytes)).toEqual([PART_BYTES, PART_BYTES]);
  await expect(sealer.put(files[2]!)).rejects.toMatchObject({ code: "base.aborted" });
});
