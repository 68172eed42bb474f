import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bytesToHex } from "../../../base/index.ts";
import { madeHistory } from "../../../../testing/history/index.ts";
import { jsonl, memoryFile } from "../../../formats/index.ts";
import {
  backup,
  emptyContentRoot,
  emptyRoot,
  loadHistory,
  restoredEvents,
  type BackupOptions,
} from "../../../history/index.ts";
import { check } from "../../../history/care.ts";
import { canonicalText, type SourceFile } from "../../../model/index.ts";
import { createVault, newestSnapshot, type Vault } from "../../../vault/index.ts";
import { folderSource } from "../folder-source.ts";
import { folderStore } from "../folder-store.ts";
import { folderTarget } from "../folder-target.ts";
import { nodePrimitives as primitives } from "../primitives.ts";
import { rowThreads } from "./rows.ts";
import { sealThread } from "./seal-files.ts";

const root = await mkdtemp(join(tmpdir(), "keepsake-threads-"));
afterAll(() => rm(root, { recursive: true, force: true }));

async function makeVault(name: string): Promise<{ vault: Vault; place: string }> {
  const place = join(root, name);
  await (await folderTarget(place)).create("readme.txt").then((file) => file.close());
  const store = folderStore(place);
  const options = { primitives, store, clock: { now: () => 1_790_000_000_000 }, language: "en" } as const;
  const empty = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...empty, deviceName: "test" });
  return { vault, place };
}

/** All messages that come out of a vault, with the digests of their files as these come out. */
async function contentOf(vault: Vault): Promise<string[]> {
  const lines: string[] = [];
  for await (const event of restoredEvents(await loadHistory(vault, await newestSnapshot(vault)))) {
    expect(event.type).not.toBe("finding");
    if (event.type !== "message") continue;
    lines.push(canonicalText(event.message));
    for (const file of event.files ?? []) if (file !== undefined) lines.push(await digestOf(file));
  }
  return lines.sort();
}

async function digestOf(file: SourceFile): Promise<string> {
  const hash = primitives.sha256Stream();
  for await (const piece of file.open()) hash.update(piece);
  return bytesToHex(hash.digest());
}

test("what threads seal is what is sealed in place", async () => {
  const exported = join(root, "export");
  const history = madeHistory({ seed: "threads", messages: 6000, attachmentBytes: 30_000_000 });
  await jsonl.write!(history, await folderTarget(exported), { primitives, now: 1_790_000_000_000 });
  const source = await folderSource(exported);
  const phone = { name: "phone", read: () => jsonl.read(source) };
  const here = await makeVault("here");
  await backup(here.vault, phone);
  const there = await makeVault("there");
  await using rows = rowThreads(1);
  const seals: AsyncDisposable[] = [];
  const sealFiles: BackupOptions["sealFiles"] = (start) => {
    const thread = sealThread({ ...start, store: there.place, source: exported });
    seals.push(thread);
    return thread;
  };
  const { newFiles } = await backup(there.vault, phone, { seal: rows.seal, sealFiles });
  expect(newFiles.count).toBeGreaterThan(100);
  const again = await backup(there.vault, phone, { seal: rows.seal, sealFiles, reread: true });
  expect(again.newFiles).toEqual({ count: 0, bytes: 0 });
  for (const thread of seals) await thread[Symbol.asyncDispose]();
  const newest = await loadHistory(there.vault, await newestSnapshot(there.vault));
  expect((await check(newest, { level: "full" })).damages).toEqual([]);
  expect(await contentOf(there.vault)).toEqual(await contentOf(here.vault));
}, 60_000);

test("a file that is not there any more is told apart from a broken thread", async () => {
  const { vault, place } = await makeVault("gone");
  const { pack: key, epoch } = vault.keyring.newest;
  const start = { known: [], packs: { vaultId: vault.id, key, epoch }, onStored: () => undefined };
  await using thread = sealThread({ ...start, store: place, source: root });
  for (const path of ["nowhere.jpg", "../out.jpg"])
    await expect(thread.put(memoryFile(path, "x"))).rejects.toMatchObject({ code: "format.unreadable" });
  await thread.flush();
});
