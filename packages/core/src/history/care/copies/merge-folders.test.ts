import { expect, test } from "vitest";
import { testPrimitives } from "../../../../testing/primitives.ts";
import type { Bytes } from "../../../base/index.ts";
import { memoryFile } from "../../../formats/index.ts";
import type { ReadEvent } from "../../../model/index.ts";
import { createVault, memoryStore, newestSnapshot, type Vault } from "../../../vault/index.ts";
import { backup } from "../../backup.ts";
import { restoreFolder } from "../../out/restore-folder.ts";
import { PART_BYTES } from "../../rows/attachments.ts";
import { RowReader } from "../../rows/read.ts";
import { readFolders } from "../../state/folders.ts";
import { emptyContentRoot, emptyRoot, loadHistory, type History } from "../../state/state.ts";
import { check } from "../check.ts";
import { copyTo } from "./copy.ts";
import { merge } from "./merge.ts";

const primitives = await testPrimitives();
let now = 1_790_000_000_000;
const clock = { now: () => (now += 1000) };

const load = async (vault: Vault): Promise<History> => loadHistory(vault, await newestSnapshot(vault));

function keep(vault: Vault, files: Readonly<Record<string, Bytes>>, name = "pc") {
  async function* read(): AsyncGenerator<ReadEvent> {
    yield { type: "source", source: { format: "folder", platform: "files" } };
    for (const [path, content] of Object.entries(files))
      yield { type: "kept", file: memoryFile(path, content, content.length) };
  }
  return backup(vault, { name, read });
}

/** What comes back of the folder of that name: paths, and how long each file is. */
async function restored(vault: Vault, name = "pc"): Promise<Record<string, number>> {
  const history = await load(vault);
  const folder = (await readFolders(new RowReader(history))).find(({ source }) => source.name === name)!;
  const lengths: Record<string, number> = {};
  const failed = await restoreFolder(history, folder, {
    makeFolder: () => Promise.resolve(),
    create(path) {
      lengths[path] = 0;
      return Promise.resolve({
        write: (bytes: Bytes) => Promise.resolve(void (lengths[path]! += bytes.length)),
        close: () => Promise.resolve(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
  });
  expect(failed).toEqual([]);
  return lengths;
}

test("of a folder that both copies kept, the latest state counts, and all contents come over", async () => {
  const made = { primitives, store: memoryStore(), clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault: ours } = await createVault({ ...made, ...root });
  const noise = (length: number): Bytes => primitives.random(length);
  const start = { grows: noise(1000), stays: noise(50), goes: noise(10) };
  await keep(ours, start);
  const second = memoryStore();
  await copyTo(await load(ours), second);
  const theirs: Vault = { ...ours, store: second };
  const middle = { ...start, grows: noise(2000) };
  const last = { grows: noise(PART_BYTES + 7), stays: start.stays, comes: noise(20) };
  await keep(ours, middle);
  await keep(theirs, last);
  await keep(theirs, { only: noise(5) }, "other pc");
  expect(await merge(await load(ours), await load(theirs))).not.toBe("raced");
  expect(await restored(ours)).toEqual({ grows: PART_BYTES + 7, stays: 50, comes: 20 });
  expect(await restored(ours, "other pc")).toEqual({ only: 5 });
  expect((await check(await load(ours), { level: "full" })).damages).toEqual([]);
  await copyTo(await load(ours), second);
  expect(await restored(theirs)).toEqual(await restored(ours));
});

test("an earlier state that comes over later does not take the place of a later one", async () => {
  const made = { primitives, store: memoryStore(), clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault: ours } = await createVault({ ...made, ...root });
  const start = { grows: primitives.random(100), goes: primitives.random(10) };
  await keep(ours, start);
  const second = memoryStore();
  await copyTo(await load(ours), second);
  const theirs: Vault = { ...ours, store: second };
  await keep(theirs, { grows: primitives.random(200), goes: start.goes });
  await keep(ours, { grows: primitives.random(300) });
  await merge(await load(ours), await load(theirs));
  expect(await restored(ours)).toEqual({ grows: 300 });
});
