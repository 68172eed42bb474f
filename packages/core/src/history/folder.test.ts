import fc from "fast-check";
import { expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { runs } from "../../testing/runs.ts";
import { bytesToHex, concatBytes, KeepsakeError, type Bytes } from "../base/index.ts";
import { folder, type Source } from "../formats/index.ts";
import { compareText, type SourceFile } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot, snapshotAt, type MemoryStore } from "../vault/index.ts";
import { backup, type BackupResult } from "./backup.ts";
import { check, forgetSnapshots, forgetStates, planForgetSnapshots, planForgetStates } from "./care.ts";
import {
  compareFolder,
  diskName,
  keptFiles,
  faultOfOneFile,
  restoreFolder,
  type FolderSink,
  type FolderThere,
} from "./out/restore-folder.ts";
import { PART_BYTES } from "./rows/attachments.ts";
import { RowReader } from "./rows/read.ts";
import { readFolders } from "./state/folders.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";

const primitives = await testPrimitives();

/** A folder on an invented disk. */
class Disk {
  readonly files = new Map<string, { readonly bytes: Bytes; readonly modifiedMs: number }>();
  readonly emptyFolders = new Set<string>();
  reads = 0;
  #tick = 1_790_000_000_000;

  write(path: string, bytes: Bytes): void {
    this.files.set(path, { bytes, modifiedMs: (this.#tick += 1234.567) });
  }

  source(): Source {
    const files = new Map(
      [...this.files].map(([path, { bytes, modifiedMs }]): [string, SourceFile] => {
        const open: SourceFile["open"] = (range) => {
          this.reads++;
          return pieces(bytes.subarray(range?.start ?? 0, range?.end ?? bytes.length));
        };
        return [path, { path, sizeBytes: bytes.length, modifiedMs, open }];
      }),
    );
    const paths = [...files.keys()].sort(compareText);
    return {
      // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
      async *files() {
        for (const path of paths) yield files.get(path)!;
      },
      file: (path) => Promise.resolve(files.get(path)),
      folders: () => Promise.resolve([]),
      emptyFolders: () => listed([...this.emptyFolders].sort(compareText)),
      afresh: () => this.source(),
    };
  }

  /** What lies there: equal texts, equal folders. */
  text(): string {
    const files = [...this.files].map(([path, { bytes, modifiedMs }]) => {
      const digest = bytesToHex(primitives.sha256(bytes)).slice(0, 16);
      return `${path} ${bytes.length} ${Math.round(modifiedMs * 1000)} ${digest}`;
    });
    return [...files, ...[...this.emptyFolders].map((path) => `${path}/`)].sort(compareText).join("\n");
  }
}

// oxlint-disable-next-line typescript/require-await -- the port is asynchronous
async function* pieces(bytes: Bytes): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.slice(at, at + 300_000);
}

// oxlint-disable-next-line typescript/require-await -- the port is asynchronous
async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function newVault(store: MemoryStore = memoryStore()) {
  const clock = { now: () => 1_790_000_000_000 };
  const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
  const made = await createVault({
    ...options,
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  return { ...made, store };
}

type TestVault = Awaited<ReturnType<typeof newVault>>;

function keep({ vault }: TestVault, disk: Disk, options = {}): Promise<BackupResult> {
  const source = disk.source();
  return backup(vault, { name: "pc", read: () => folder.read(source) }, options);
}

/** The folder as it comes back from a version; the newest one if none is given. */
async function restored({ vault }: TestVault, number?: number): Promise<Disk> {
  const newest = await newestSnapshot(vault);
  const history = await loadHistory(
    vault,
    number === undefined ? newest : await snapshotAt(vault, newest, number),
  );
  const disk = new Disk();
  for (const each of await readFolders(new RowReader(history))) {
    expect(await restoreFolder(history, each, diskSink(disk))).toEqual([]);
    expect(await compareFolder(each.entries, thereOn(disk), primitives)).toEqual([]);
  }
  return disk;
}

function thereOn(disk: Disk): FolderThere {
  const source = disk.source();
  return {
    file: (path) => source.file(path),
    hasFolder: (path) =>
      Promise.resolve(
        [...disk.emptyFolders, ...disk.files.keys()].some((each) => `${each}/`.startsWith(`${path}/`)),
      ),
  };
}

function diskSink(disk: Disk): FolderSink {
  return {
    makeFolder: (path) => Promise.resolve(void disk.emptyFolders.add(path)),
    create(path) {
      const parts: Bytes[] = [];
      return Promise.resolve({
        write: (bytes) => Promise.resolve(void parts.push(bytes.slice())),
        close: (modifiedUs) =>
          Promise.resolve(
            void disk.files.set(path, { bytes: concatBytes(...parts), modifiedMs: modifiedUs! / 1000 }),
          ),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
  };
}

async function readWhole(file: SourceFile): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const part of file.open()) parts.push(part.slice());
  return concatBytes(...parts);
}

/** Bytes that do not compress, different for each seed. */
function noise(seed: number, length: number): Bytes {
  const bytes = new Uint8Array(length);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

const storedBytes = ({ packs }: BackupResult): number =>
  packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

test("a folder comes back with names, sizes, times and bytes, and with its empty folders", async () => {
  const vault = await newVault();
  const disk = new Disk();
  disk.write("Backup.db", noise(1, 70_000));
  disk.write("BAK_0_MEDIA", noise(2, 2 * PART_BYTES + 17));
  disk.write("deep/er/空 文件.dat", new Uint8Array(0));
  disk.emptyFolders.add("deep/nothing");
  const { folder: outcome, proof } = await keep(vault, disk);
  expect(outcome).toEqual({
    files: 3,
    bytes: 70_000 + 2 * PART_BYTES + 17,
    added: 4,
    changed: 0,
    removed: 0,
  });
  expect(proof.folders).toMatchObject([
    { name: "pc", format: "folder", files: 3, verified: { now: "sampled" } },
  ]);
  expect(proof.chats).toEqual([]);
  expect((await restored(vault)).text()).toBe(disk.text());
});

test("a folder comes out file by file, and one that is not what it was says so at its end", async () => {
  const vault = await newVault();
  const disk = new Disk();
  disk.write("a", noise(1, 2000));
  disk.write("deep/b", noise(2, PART_BYTES + 1));
  disk.emptyFolders.add("deep/nothing");
  await keep(vault, disk);
  const history = await loadHistory(vault.vault, await newestSnapshot(vault.vault));
  const [folder] = await readFolders(new RowReader(history));
  const out = new Disk();
  for await (const [entry, file] of keptFiles(history, folder!)) {
    if (file === undefined) out.emptyFolders.add(entry.path);
    else out.files.set(entry.path, { bytes: await readWhole(file), modifiedMs: file.modifiedMs! });
  }
  expect(out.text()).toBe(disk.text());

  const [, kept] = [...folder!.entries].find(([path]) => path === "a")!;
  const entries = new Map([["a", { ...kept, sizeBytes: 1999 }]]);
  for await (const [, file] of keptFiles(history, { ...folder!, entries })) {
    const error: unknown = await readWhole(file!).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "vault.corrupt" });
    expect(faultOfOneFile(error)).toBe("vault.corrupt");
  }
  expect(faultOfOneFile(new KeepsakeError("store.unavailable"))).toBeUndefined();
});

test.each([
  ["my PC", "my PC"],
  ["a/b:c", "a_b_c"],
  ["end. ", "end_"],
  ["", "folder"],
])("a folder called %j has a name that any disk takes", (name, expected) => {
  expect(diskName(name)).toBe(expected);
});

test("of a file that grew or was rewritten amid it, only the parts that changed are stored again", async () => {
  const vault = await newVault();
  const disk = new Disk();
  const before = noise(3, 6 * PART_BYTES);
  disk.write("BAK_0_MEDIA", before);
  await keep(vault, disk);
  const after = concatBytes(before, noise(4, 1000));
  after[2 * PART_BYTES + 5]! ^= 1;
  disk.write("BAK_0_MEDIA", after);
  const result = await keep(vault, disk);
  expect(result.folder).toMatchObject({ added: 0, changed: 1, removed: 0 });
  expect(storedBytes(result)).toBeLessThan(1.2 * PART_BYTES);
  expect((await restored(vault)).text()).toBe(disk.text());
});

test("an unchanged file is not read again where its stamp is known", async () => {
  const vault = await newVault();
  const disk = new Disk();
  disk.write("a", noise(6, 100));
  disk.write("b", noise(7, PART_BYTES + 1));
  const known = new Map();
  const stamps = {
    load: () => Promise.resolve(),
    get: (path: string) => known.get(path),
    set: (path: string, stamp: unknown) => void known.set(path, stamp),
  };
  await keep(vault, disk, { stamps });
  disk.reads = 0;
  disk.write("a", noise(8, 100));
  expect((await keep(vault, disk, { stamps })).folder).toMatchObject({ changed: 1 });
  expect(disk.reads).toBe(1);
  expect((await restored(vault)).text()).toBe(disk.text());
  // A file that was altered without a trace is found by reading everything.
  disk.files.set("b", { ...disk.files.get("b")!, bytes: noise(9, PART_BYTES + 1) });
  expect((await keep(vault, disk, { stamps, reread: true })).folder).toMatchObject({ changed: 1 });
  expect((await restored(vault)).text()).toBe(disk.text());
});

test("a folder that lost most of what it held is not taken at its word", async () => {
  const vault = await newVault();
  const disk = new Disk();
  for (let i = 0; i < 5; i++) disk.write(`f${i}`, noise(i, 1000));
  await keep(vault, disk);
  const whole = disk.text();
  disk.files.clear();
  await expect(keep(vault, disk)).rejects.toMatchObject({ code: "history.folder-shrunk" });
  expect((await restored(vault)).text()).toBe(whole);
  expect((await keep(vault, disk, { acceptShrink: true })).folder).toMatchObject({ files: 0, removed: 5 });
  expect((await restored(vault)).text()).toBe("");
  expect((await restored(vault, 2)).text()).toBe(whole);
});

test("a folder that changes while it is read is refused, and nothing of it is in a version", async () => {
  const vault = await newVault();
  const disk = new Disk();
  disk.write("a", noise(1, 1000));
  disk.write("b", noise(2, 1000));
  const source = disk.source();
  async function* read() {
    for await (const event of folder.read(source)) {
      if (event.type === "kept" && event.file.path === "b") disk.write("a", noise(3, 1000));
      yield event;
    }
  }
  await expect(backup(vault.vault, { name: "pc", read })).rejects.toMatchObject({ code: "format.changing" });
  expect((await restored(vault)).files.size).toBe(0);
});

test("what is not there as it was kept is told, empty folders too", async () => {
  const vault = await newVault();
  const disk = new Disk();
  for (const [i, path] of ["a", "b", "deep/c"].entries()) disk.write(path, noise(i, 1000));
  for (const path of ["deep/nothing", "deep/filled", "nothing"]) disk.emptyFolders.add(path);
  await keep(vault, disk);
  const history = await loadHistory(vault.vault, await newestSnapshot(vault.vault));
  const [kept] = await readFolders(new RowReader(history));
  const compared = () => compareFolder(kept!.entries, thereOn(disk), primitives);
  expect(await compared()).toEqual([]);
  // What came to lie in a folder is nothing that was lost.
  disk.emptyFolders.delete("deep/filled");
  disk.write("deep/filled/new", noise(7, 10));
  expect(await compared()).toEqual([]);
  disk.emptyFolders.delete("nothing");
  disk.emptyFolders.delete("deep/nothing");
  disk.files.delete("b");
  const missing = { what: "missing-folder" } as const;
  expect((await compared()).sort((a, b) => compareText(a.path, b.path))).toEqual([
    { path: "b", what: "missing" },
    { path: "deep/nothing", ...missing },
    { path: "nothing", ...missing },
  ]);
});

test("a file that cannot be read stays as it was, and is named", async () => {
  const vault = await newVault();
  const disk = new Disk();
  disk.write("a", noise(1, 1000));
  disk.write("b", noise(2, 1000));
  await keep(vault, disk);
  const before = disk.text();
  const locked: Source = {
    ...disk.source(),
    async *files() {
      for await (const file of disk.source().files())
        yield file.path === "b"
          ? {
              ...file,
              sizeBytes: 7,
              open: () => {
                throw new KeepsakeError("format.unreadable");
              },
            }
          : file;
    },
    afresh: () => locked,
  };
  const result = await backup(vault.vault, { name: "pc", read: () => folder.read(locked) });
  expect(result.findings).toMatchObject([{ code: "history.unreadable-file", where: "b" }]);
  expect((await restored(vault)).text()).toBe(before);
});

test("what cannot be looked at stays as it was, all that lies below it too, and is named", async () => {
  const vault = await newVault();
  const disk = new Disk();
  for (const [i, path] of ["a", "b", "locked/c", "locked/d/e"].entries()) disk.write(path, noise(i, 1000));
  await keep(vault, disk);
  const before = disk.text();
  const locked = (): Source => ({
    ...disk.source(),
    async *files(found) {
      for await (const file of disk.source().files()) if (file.path === "a") yield file;
      for (const where of ["b", "locked"]) found?.({ code: "format.unreadable", severity: "warning", where });
    },
    afresh: locked,
  });
  const result = await backup(vault.vault, { name: "pc", read: () => folder.read(locked()) });
  // Several are asked for at a time: which answers first is nobody's promise.
  expect(new Set(result.findings)).toEqual(
    new Set(["b", "locked"].map((where) => ({ code: "history.unreadable-file", severity: "error", where }))),
  );
  expect(result.folder).toMatchObject({ files: 4, removed: 0 });
  expect((await restored(vault)).text()).toBe(before);
});

test("an abort amid a file ends the backup: the file is not taken for one that cannot be read", async () => {
  const vault = await newVault();
  const disk = new Disk();
  disk.write("a", noise(1, 1000));
  const aborted: Source = {
    ...disk.source(),
    async *files() {
      for await (const file of disk.source().files())
        yield {
          ...file,
          open: () => {
            throw new DOMException("stopped", "AbortError");
          },
        };
    },
    afresh: () => aborted,
  };
  const read = () => folder.read(aborted);
  await expect(backup(vault.vault, { name: "pc", read })).rejects.toMatchObject({ name: "AbortError" });
});

test("with versions that are given up goes what only they held; what is kept comes back whole", async () => {
  const vault = await newVault();
  const disk = new Disk();
  const texts = new Map<number, string>();
  for (let i = 0; i < 6; i++) {
    disk.write("list", noise(i, 3000));
    disk.write("media", concatBytes(noise(100, PART_BYTES), noise(i, 1000)));
    if (i === 2) disk.write("old", noise(50, 10));
    if (i === 3) disk.files.delete("old");
    const { snapshot } = await keep(vault, disk);
    texts.set(snapshot.head.number, disk.text());
  }
  const newest = async () => loadHistory(vault.vault, await newestSnapshot(vault.vault));
  expect(await planForgetStates(await newest())).toMatchObject({ contents: 0 });
  // A version with a file that no later one has is not given up without more ado.
  const plan = await planForgetSnapshots(await newest(), { last: 2 });
  expect(plan.unique).toEqual([4]);
  const numbers = [...texts.keys()].filter((number) => number < 6);
  await forgetSnapshots(await newest(), numbers);
  const states = await planForgetStates(await newest());
  // Four lists, four ends of the container, and the old file.
  expect(states).toMatchObject({ contents: 9, bytes: 4 * 3000 + 4 * 1000 + 10 });
  await forgetStates(await newest(), states);
  expect(await planForgetStates(await newest())).toMatchObject({ contents: 0 });
  for (const number of [6, 7]) expect((await restored(vault, number)).text()).toBe(texts.get(number));
  expect((await check(await newest(), { level: "full" })).damages).toEqual([]);
  // What was dropped is stored again where it comes back.
  disk.write("list", noise(0, 3000));
  await keep(vault, disk);
  expect((await restored(vault)).text()).toBe(disk.text());
});

const step = fc.oneof(
  fc.record({ kind: fc.constant("grow" as const), file: fc.nat(3), bytes: fc.nat(3 * 1024 * 1024) }),
  fc.record({ kind: fc.constant("rewrite" as const), file: fc.nat(3), at: fc.nat() }),
  fc.record({ kind: fc.constant("cut" as const), file: fc.nat(3), at: fc.nat() }),
  fc.record({ kind: fc.constant("rename" as const), file: fc.nat(3) }),
  fc.record({ kind: fc.constant("remove" as const), file: fc.nat(3) }),
  fc.record({ kind: fc.constant("killed" as const), after: fc.nat(6) }),
  fc.record({ kind: fc.constant("keep" as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Carries a change out on the disk. */
function change(disk: Disk, next: Exclude<Step, { kind: "keep" | "killed" }>, seed: number): void {
  const path = [...disk.files.keys()].sort(compareText)[next.file] ?? `new${seed}`;
  const bytes = disk.files.get(path)?.bytes ?? new Uint8Array(0);
  if (next.kind === "grow") disk.write(path, concatBytes(bytes, noise(seed, next.bytes)));
  else if (next.kind === "cut") disk.write(path, bytes.slice(0, next.at % (bytes.length + 1)));
  else if (next.kind === "rewrite") {
    const written = bytes.slice();
    if (written.length > 0) written[next.at % written.length]! ^= 0x55;
    disk.write(path, written);
  } else {
    const was = disk.files.get(path);
    disk.files.delete(path);
    if (next.kind === "rename" && was !== undefined) disk.files.set(`moved${seed}`, was);
  }
}

/** The store ends in the midst of a run: what is put after so many puts does not arrive. */
function dying(store: MemoryStore, after: number): MemoryStore {
  let puts = 0;
  const put: MemoryStore["put"] = (...args) => {
    if (puts++ >= after) throw new KeepsakeError("store.unavailable");
    return store.put(...args);
  };
  return { ...store, put };
}

test("comes back identical, in every version, after any sequence of growths, rewrites, and kills", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const vault = await newVault();
      const disk = new Disk();
      const versions = new Map<number, string>();
      for (const [seed, next] of [{ kind: "grow", file: 0, bytes: 5_000_000 } as const, ...steps].entries()) {
        if (next.kind === "killed") {
          const dead = { ...vault.vault, store: dying(vault.store, next.after) };
          await keep({ ...vault, vault: dead }, disk, { acceptShrink: true }).catch(() => undefined);
        } else if (next.kind === "keep") {
          const { snapshot } = await keep(vault, disk, { acceptShrink: true });
          versions.set(snapshot.head.number, disk.text());
        } else change(disk, next, seed + 1);
      }
      const { snapshot } = await keep(vault, disk, { acceptShrink: true });
      versions.set(snapshot.head.number, disk.text());
      for (const [number, text] of versions) expect((await restored(vault, number)).text()).toBe(text);
    }),
    { numRuns: runs(12) },
  );
}, 120_000);
