import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Answers } from "./answers.ts";
import { writeConfig } from "./kept/config.ts";
import { readState, writeState } from "./kept/state.ts";
import { Memory } from "./memory.ts";
import { newCopy } from "./plan/care.ts";

const now = Date.UTC(2026, 0, 1);
let folder: string;
let env: NodeJS.ProcessEnv;
let path: string;
let place: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "keepsake-memory-")));
  env = { KEEPSAKE_CONFIG: join(folder, "config") };
  [path, place] = [join(folder, "link"), join(folder, "vault")];
  await mkdir(join(place, "heads"), { recursive: true });
  await symlink(place, path, "junction");
  await writeConfig(env, { store: path });
});
afterEach(async () => rm(folder, { recursive: true }));

/** As where the vault's disk is away. */
async function silence(answers: Answers): Promise<PromiseWithResolvers<void>> {
  const away = Promise.withResolvers<void>();
  expect(await answers.of(path, () => away.promise)).toBe("silent");
  return away;
}

test("a vault whose disk does not answer holds nothing up, and no copy is forgotten", async () => {
  const copies = { [place]: newCopy(now - 1000), [join(folder, "copy")]: newCopy(now - 2000) };
  await writeState(env, { sources: {}, copies });
  const answers = new Answers({ patienceMs: 20 });
  const memory = await Memory.load(env, answers);
  const away = await silence(answers);
  await memory.refresh(now);
  expect(await memory.store()).toBeUndefined();
  expect((await readState(env)).copies).toEqual(copies);
  away.resolve();
  await expect.poll(() => memory.store()).toBe(place);
});

test("a vault whose disk falls silent later is known, and told as away", async () => {
  const answers = new Answers({ patienceMs: 20, most: 1 });
  const memory = await Memory.load(env, answers);
  await memory.refresh(now);
  expect(await memory.store()).toBe(place);
  const away = await silence(answers);
  await memory.refresh(now + 1000);
  expect(memory.state.copies).toHaveProperty([place]);
  expect(await memory.store()).toBeUndefined();
  away.resolve();
  await expect.poll(() => memory.store()).toBe(place);
  // Where only another place is silent, nothing is known against it.
  const other = Promise.withResolvers<void>();
  expect(await answers.of("another", () => other.promise)).toBe("silent");
  expect(await memory.store()).toBe(place);
  other.resolve();
});
