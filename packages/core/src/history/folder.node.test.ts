import { expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex, type Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { restoreFolder } from "./out/restore-folder.ts";
import { PART_BYTES } from "./rows/attachments.ts";
import { RowReader } from "./rows/read.ts";
import { readFolders } from "./state/folders.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";

const primitives = await testPrimitives();
const PARTS = 258;

/** A file of one part over and over, and a last one: the vault stores the first once. */
function longFile(last: number): SourceFile {
  const part = primitives.random(PART_BYTES).fill(7, 64);
  return {
    path: "BAK_0_MEDIA",
    sizeBytes: PARTS * PART_BYTES,
    modifiedMs: last,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      for (let i = 1; i < PARTS; i++) yield part;
      yield new Uint8Array(PART_BYTES).fill(last);
    },
  };
}

async function digestOf(pieces: AsyncIterable<Bytes>): Promise<string> {
  const hash = primitives.sha256Stream();
  for await (const piece of pieces) hash.update(piece);
  return bytesToHex(hash.digest());
}

test("a file of more parts than a row names goes by lists, and comes back", async () => {
  const clock = { now: () => 1_790_000_000_000 };
  const options = { primitives, store: memoryStore(), clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...root });
  for (const last of [1, 2]) {
    const file = longFile(last);
    async function* read() {
      yield { type: "source", source: { format: "folder", platform: "files" } } as const;
      yield { type: "kept", file } as const;
    }
    const { folder, packs } = await backup(vault, { name: "pc", read });
    expect(folder).toMatchObject({ files: 1, bytes: PARTS * PART_BYTES });
    expect(packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThan(PART_BYTES);
    const history = await loadHistory(vault, await newestSnapshot(vault));
    const [kept] = await readFolders(new RowReader(history));
    expect([...kept!.entries.values()]).toMatchObject([{ lists: [expect.any(String), expect.any(String)] }]);
    const hash = primitives.sha256Stream();
    const sink = {
      makeFolder: () => Promise.resolve(),
      create: () =>
        Promise.resolve({
          write: (bytes: Bytes) => Promise.resolve(void hash.update(bytes)),
          close: () => Promise.resolve(),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
    };
    expect(await restoreFolder(history, kept!, sink)).toEqual([]);
    expect(bytesToHex(hash.digest())).toBe(await digestOf(file.open()));
  }
}, 60_000);
