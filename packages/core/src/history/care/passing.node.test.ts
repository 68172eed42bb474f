import { expect, test } from "vitest";
import { madeHistory } from "../../../testing/history/index.ts";
import { testPrimitives } from "../../../testing/primitives.ts";
import { KeepsakeError } from "../../base/index.ts";
import { createVault, memoryStore, newestSnapshot, type Store, type Vault } from "../../vault/index.ts";
import { backup } from "../backup.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "../state/state.ts";
import { restoreFiles, type FileJob, type FileSink } from "../out/restore-files.ts";
import { restoredBatches } from "../restore.ts";
import { check } from "./check.ts";
import { copyTo } from "./copies/copy.ts";
import { rehearse } from "./rehearse.ts";

const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };

async function made(): Promise<Vault> {
  const { vault } = await createVault({
    primitives,
    store: memoryStore(),
    clock,
    language: "en",
    deviceName: "test",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const messages = { messages: 500, chats: 2, attachmentBytes: 50_000 };
  for (const seed of [1, 2])
    await backup(vault, { name: `phone ${seed}`, read: () => madeHistory({ seed, ...messages }) });
  return vault;
}

/** A store of which one look fails, as where a server is started anew, or a member is logged out. */
function failingOnce(
  store: Store,
  at: number,
  error: KeepsakeError,
): Store & { readonly looks: () => number } {
  let looks = 0;
  const look = (): void => {
    if (looks++ === at) throw error;
  };
  return {
    ...store,
    looks: () => looks,
    async get(name, range, options) {
      look();
      return store.get(name, range, options);
    },
    async *list(prefix, options) {
      look();
      yield* store.list(prefix, options);
    },
  };
}

/** What a look may fail with, and at how many of the looks it is tried. */
const failures = [
  { failure: new KeepsakeError("store.unavailable", { retry: "later" }), step: 1 },
  { failure: new KeepsakeError("member.no-session"), step: 3 },
  { failure: new KeepsakeError("base.aborted"), step: 5 },
];

test.each(failures)(
  "what passes is told, and never taken for damage: $failure.code",
  async ({ failure, step }) => {
    const vault = await made();
    const count = failingOnce(vault.store, Infinity, failure);
    const opened = { ...vault, store: count };
    await check(await loadHistory(opened, await newestSnapshot(opened)), { level: "full" });
    const looks = count.looks();
    expect(looks).toBeGreaterThan(20);
    for (let at = 0; at < looks; at += step) {
      const failing = { ...vault, store: failingOnce(vault.store, at, failure) };
      const checked = (async () =>
        check(await loadHistory(failing, await newestSnapshot(failing)), { level: "full" }))();
      expect([at, await checked.catch((error: unknown) => error)]).toEqual([at, failure]);
    }
  },
);

test.each(failures)(
  "a copy that a passing failure met is not said to be whole: $failure.code",
  async ({ failure, step }) => {
    const vault = await made();
    const count = failingOnce(vault.store, Infinity, failure);
    const opened = { ...vault, store: count };
    await copyTo(await loadHistory(opened, await newestSnapshot(opened)), memoryStore());
    const looks = count.looks();
    for (let at = 0; at < looks; at += step) {
      const failing = { ...vault, store: failingOnce(vault.store, at, failure) };
      const target = memoryStore();
      const copied = (async () =>
        copyTo(await loadHistory(failing, await newestSnapshot(failing)), target))();
      expect([at, await copied.catch((error: unknown) => error)]).toEqual([at, failure]);
    }
  },
);

test.each(failures)(
  "a rehearsal that a passing failure met says no chat is damaged: $failure.code",
  async ({ failure, step }) => {
    const vault = await made();
    for (let at = 0; at < 60; at += step) {
      const failing = { ...vault, store: failingOnce(vault.store, at, failure) };
      const rehearsed = (async () => rehearse(await loadHistory(failing, await newestSnapshot(failing))))();
      const outcome = await rehearsed.catch((error: unknown) => error);
      if (outcome !== failure) expect(outcome).toMatchObject({ failedChats: [] });
    }
  },
);

/** A target that keeps nothing. */
const nowhere: FileSink = {
  create: async () => ({
    write: async () => undefined,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

/** Restores a whole vault into nothing: what was found, and how many messages and files came out. */
async function restored(vault: Vault): Promise<{ lost: number; messages: number; files: number }> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const jobs = new Map<string, FileJob>();
  const counts = { lost: 0, messages: 0 };
  for await (const events of restoredBatches(history)) {
    for (const event of events) {
      if (event.type === "finding") counts.lost++;
      if (event.type !== "message") continue;
      counts.messages++;
      for (const file of event.files ?? [])
        if (file !== undefined && "stored" in file)
          jobs.set(file.path, { path: file.path, stored: file.stored as FileJob["stored"] });
    }
  }
  const failed = await restoreFiles(vault, [...jobs.values()], nowhere);
  return { messages: counts.messages, lost: counts.lost + failed.length, files: jobs.size };
}

test.each(failures)(
  "a restore that a passing failure met ends with it, and says nothing is lost: $failure.code",
  async ({ failure, step }) => {
    const vault = await made();
    const count = failingOnce(vault.store, Infinity, failure);
    const whole = await restored({ ...vault, store: count });
    expect(whole.lost).toBe(0);
    expect(whole.files).toBeGreaterThan(1);
    const looks = count.looks();
    for (let at = 0; at < looks; at += step) {
      const failing = { ...vault, store: failingOnce(vault.store, at, failure) };
      const outcome = await restored(failing).catch((error: unknown) => error);
      expect([at, outcome]).toEqual([at, failure]);
      // The same again, once it has passed.
      expect(await restored(failing)).toEqual(whole);
    }
  },
);
