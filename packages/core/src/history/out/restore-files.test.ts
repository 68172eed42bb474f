import { expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { bytesToHex, concatBytes, type Bytes } from "../../base/index.ts";
import { createVault, memoryStore, newestSnapshot } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { restoredBatches } from "../restore.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "../state/state.ts";
import { restoreFiles, type FileJob, type FileSink } from "./restore-files.ts";

const primitives = await testPrimitives();

async function vaultWithFiles() {
  const store = memoryStore();
  const clock = { now: () => 1_790_000_000_000 };
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...root });
  const made = { seed: 5, messages: 900, chats: 3, attachmentBytes: 40_000_000 };
  await backup(vault, { name: "phone", read: () => madeHistory(made) });
  const jobs = new Map<string, FileJob>();
  for await (const events of restoredBatches(await loadHistory(vault, await newestSnapshot(vault)))) {
    for (const event of events) {
      if (event.type !== "message") continue;
      for (const file of event.files ?? [])
        if (file !== undefined && "stored" in file)
          jobs.set(file.path, { path: file.path, stored: file.stored as FileJob["stored"] });
    }
  }
  return { vault, store, jobs: [...jobs.values()] };
}

function memorySink(): FileSink & { readonly files: Map<string, Bytes> } {
  const files = new Map<string, Bytes>();
  return {
    files,
    create(path) {
      const pieces: Bytes[] = [];
      return Promise.resolve({
        write: (bytes: Bytes) => Promise.resolve(void pieces.push(bytes.slice())),
        close: () => Promise.resolve(void files.set(path, concatBytes(...pieces))),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
  };
}

test("all files come out, each with its digest, and no pack is read more often than it must", async () => {
  const { vault, store, jobs } = await vaultWithFiles();
  expect(jobs.length).toBeGreaterThan(20);
  let readBytes = 0;
  const counting = {
    ...store,
    get: async (...request: Parameters<typeof store.get>) => {
      const bytes = await store.get(...request);
      readBytes += bytes?.length ?? 0;
      return bytes;
    },
  };
  const sink = memorySink();
  const failed = await restoreFiles({ ...vault, store: counting }, jobs.toReversed(), sink);
  expect(failed).toEqual([]);
  expect(sink.files.size).toBe(jobs.length);
  for (const { path, stored } of jobs) {
    const content = sink.files.get(path)!;
    expect([content.length, bytesToHex(primitives.sha256(content))]).toEqual([
      stored.sizeBytes,
      stored.sha256,
    ]);
  }
  const fileBytes = jobs.reduce((sum, { stored }) => sum + stored.sizeBytes, 0);
  expect(readBytes).toBeLessThan(fileBytes * 1.5 + 1_000_000);
});

test("what is lost or damaged is named and not written, and the rest is there", async () => {
  const { vault, store, jobs } = await vaultWithFiles();
  const packs = [...new Set(jobs.flatMap(({ stored }) => stored.parts.map(([pack]) => pack)))];
  expect(packs.length).toBeGreaterThan(1);
  store.objects.delete(`packs/${packs[0]!}`);
  const [offset, length] = jobs.flatMap(({ stored }) =>
    stored.parts.filter(([pack]) => pack === packs[1]).map((part) => [part[1], part[2]] as const),
  )[0]!;
  const pack = store.objects.get(`packs/${packs[1]!}`)!.slice();
  pack[offset + length - 1]! ^= 1;
  store.objects.set(`packs/${packs[1]!}`, pack);
  const sink = memorySink();
  const failed = await restoreFiles(vault, jobs, sink);
  const isHit = ({ stored }: FileJob): boolean =>
    stored.parts.some(([name, start]) => name === packs[0] || (name === packs[1] && start === offset));
  const hit = jobs.filter(isHit).map(({ path }) => path);
  expect(failed.map(({ path }) => path).sort()).toEqual(hit.sort());
  expect(new Set(failed.map(({ code }) => code))).toEqual(new Set(["store.not-found", "vault.corrupt"]));
  expect([...sink.files.keys()].sort()).toEqual(
    jobs
      .filter((job) => !isHit(job))
      .map(({ path }) => path)
      .sort(),
  );
});
