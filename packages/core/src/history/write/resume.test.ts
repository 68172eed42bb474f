import { expect, test } from "vitest";
import { testPrimitives } from "../../../testing/primitives.ts";
import { KeepsakeError } from "../../base/index.ts";
import {
  createVault,
  memoryStore,
  newestSnapshot,
  type KeyEntry,
  type Store,
  type Vault,
} from "../../vault/index.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "../state/state.ts";
import { Resume } from "./resume.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };

async function makeVault(store: Store): Promise<Vault> {
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const made = { ...options, emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  return (await createVault(made)).vault;
}

async function openResume(vault: Vault): Promise<Resume> {
  const { root } = await loadHistory(vault, await newestSnapshot(vault));
  return Resume.open(vault, root);
}

function inPack(sha256: string, pack: string): StoredAttachment {
  return { sha256, sizeBytes: 1, key: "00", parts: [[pack, 0, 1, sha256]] };
}

test("what could not be noted is noted with what comes next, the keys of new collections too", async () => {
  const objects = memoryStore();
  let failures = 0;
  const store: Store = {
    ...objects,
    async put(name, ...rest) {
      if (!name.startsWith("journals/") || failures === 0) return objects.put(name, ...rest);
      failures--;
      throw new KeepsakeError("store.unavailable");
    },
  };
  const vault = await makeVault(store);
  for (const pack of ["a", "b"]) await objects.put(`packs/${pack}`, new Uint8Array(1));
  const resume = await openResume(vault);
  const entry: KeyEntry = { id: "c0", kind: "chat", name: "chat", keys: [[1, "00"]] };
  resume.noteEntry(entry);
  resume.noteAttachment(inPack("11", "a"));
  failures = 1;
  await expect(resume.noteStored({ name: "a", sizeBytes: 1 })).rejects.toMatchObject({
    code: "store.unavailable",
  });
  resume.noteAttachment(inPack("22", "b"));
  resume.noteAttachment(inPack("33", "c"));
  await resume.noteStored({ name: "b", sizeBytes: 1 });

  const next = await openResume(vault);
  expect([...next.attachments.keys()].sort()).toEqual(["11", "22"]);
  expect(next.entry(entry)).toEqual(entry);
});
