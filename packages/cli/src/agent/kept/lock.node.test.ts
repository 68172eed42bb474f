import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAgentRunning, takeLock } from "./lock.ts";

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-lock-"));
  env = { KEEPSAKE_CONFIG: folder };
});
afterEach(async () => rm(folder, { recursive: true }));

async function plant(holder: object | string): Promise<void> {
  await mkdir(join(folder, "agent"), { recursive: true });
  await writeFile(
    join(folder, "agent", "lock.json"),
    typeof holder === "string" ? holder : JSON.stringify(holder),
  );
}

test("there is one agent a config folder, and the next one when it has ended", async () => {
  expect(await isAgentRunning(env)).toBe(false);
  {
    await using lock = await takeLock(env);
    expect(await lock.isHeld()).toBe(true);
    expect(await isAgentRunning(env)).toBe(true);
    await expect(takeLock(env)).rejects.toMatchObject({ code: "agent.running" });
  }
  expect(await isAgentRunning(env)).toBe(false);
  await using _ = await takeLock(env);
  expect(await readdir(join(folder, "agent"))).toEqual(["lock.json"]);
});

test("an agent that has died is taken over from, whoever has its number now", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((done) => child.on("exit", done));
  await plant({ pid: child.pid, start: "1", token: "a" });
  await (await takeLock(env))[Symbol.asyncDispose]();
  await plant({ pid: process.pid, start: "another time", token: "b" });
  await (await takeLock(env))[Symbol.asyncDispose]();
  await plant("{ cut o");
  await (await takeLock(env))[Symbol.asyncDispose]();
});

test("of many that take over at once, one holds the lock at the end", async () => {
  await plant({ pid: 2 ** 22 + 1, start: "1", token: "dead" });
  const taken = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(env)));
  const locks = taken.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const held = await Promise.all(locks.map((lock) => lock.isHeld()));
  expect(held.filter((each) => each)).toHaveLength(1);
  for (const lock of locks) await lock[Symbol.asyncDispose]();
  expect(await readdir(join(folder, "agent"))).toEqual([]);
});
