import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "@keepsake/core/vault";
import { Input } from "../input.ts";
import { readIfThere } from "./folders.ts";
import { noteSeen } from "./open.ts";
import { keepKey, lastStore, noteWords, readProfiles, rememberStore } from "./profile.ts";
import { updateFile } from "./update.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "keepsake-update-"))));
afterEach(() => rm(folder, { recursive: true }));

const module = fileURLToPath(new URL("update.ts", import.meta.url));
const adding = `
  const { updateFile } = await import(${JSON.stringify(module)});
  for (let i = 0; i < 20; i++)
    await updateFile(process.argv[1], (before) => JSON.stringify([...JSON.parse(before ?? "[]"), i]));
`;

test("processes that change one file at the same time lose nothing of each other", async () => {
  const path = join(folder, "list.json");
  const run = (): Promise<number | null> =>
    new Promise((done) => spawn(process.execPath, ["-e", adding, path]).on("close", done));
  expect(await Promise.all([run(), run(), run(), run()])).toEqual([0, 0, 0, 0]);
  const list = JSON.parse((await readIfThere(path))!.toString()) as number[];
  expect(list).toHaveLength(80);
  expect(await readdir(folder)).toEqual(["list.json"]);
});

test("a process that died while it changed a file keeps nobody out", async () => {
  const path = join(folder, "list.json");
  await writeFile(`${path}.lock`, "dead");
  const before = new Date(Date.now() - 60_000);
  await utimes(`${path}.lock`, before, before);
  await Promise.all(["a", "b"].map((each) => updateFile(path, (text = "") => text + each)));
  expect((await readIfThere(path))!.toString()).toMatch(/^(?:ab|ba)$/);
  expect(await readdir(folder)).toEqual(["list.json"]);
});

const head = (number: number): Snapshot =>
  ({ head: { number, hash: `hash of ${number}` } }) as unknown as Snapshot;

test("what two commands saw of a vault is kept of both, and no number goes down", async () => {
  const env = { KEEPSAKE_CONFIG: folder };
  const context = { env, input: new Input([], {}) };
  await rememberStore(env, "mine");
  const opened = await keepKey(env, "ab".repeat(16), { seed: new Uint8Array(32), authority: "aa" });
  await noteWords(env, opened, { isChecked: true, isKitMade: false, now: 7 });
  await Promise.all([
    noteSeen(context, opened, { place: "mine", snapshot: head(5) }),
    noteSeen(context, opened, { place: "disk", snapshot: head(3) }),
  ]);
  const kept = await noteSeen(context, opened, { place: "mine", snapshot: head(4) });
  expect(kept).toMatchObject({
    stores: { mine: { number: 5 }, disk: { number: 3 } },
    wordsCheckedAt: 7,
  });
  expect(await readProfiles(env)).toEqual([kept]);
  expect(await lastStore(env)).toBe("mine");
  const accepting = { env, input: new Input([], { acceptOlder: true }) };
  const back = await noteSeen(accepting, kept, { place: "mine", snapshot: head(2) });
  expect(back.stores["mine"]?.number).toBe(2);
});
