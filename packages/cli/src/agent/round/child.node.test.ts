import { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runChild, type ChildEvent } from "./child.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-child-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const forEver = "setInterval(() => undefined, 1000);";
const says = (event: object): string => `console.log(${JSON.stringify(JSON.stringify(event))});`;
const done = { type: "result", ok: true, code: "done" };

/** Runs a program that stands in for a command of ours. */
async function ran(
  text: string,
  { stalledMs = 700, signal = new AbortController().signal, args = ["backup"] } = {},
): Promise<{ readonly result: ChildEvent; readonly events: readonly ChildEvent[]; readonly tookMs: number }> {
  const program = join(folder, "program.mjs");
  await writeFile(program, text);
  const events: ChildEvent[] = [];
  const began = performance.now();
  const result = await runChild(args, {
    env: process.env,
    signal,
    stalledMs,
    patienceMs: 150,
    program,
    onEvent: (event) => events.push(event),
  });
  return { result, events, tookMs: performance.now() - began };
}

test.each([
  ["something new", "n"],
  ["the same again, as where all bytes are read a second time", "1"],
])("a command that goes on saying %s may take as long as it takes", async (_, said) => {
  const { result, events } = await ran(`
    let n = 0;
    const timer = setInterval(() => {
      n++;
      console.log(JSON.stringify({ type: "progress", n: ${said} }));
      if (n < 10) return;
      clearInterval(timer);
      ${says(done)}
      process.disconnect();
    }, 150);`);
  expect(result).toEqual(done);
  expect(events).toHaveLength(10);
});

test("a command runs with a small young generation", async () => {
  const { events } = await ran(
    `console.log(JSON.stringify({ type: "start", flags: process.execArgv })); ${says(done)} process.disconnect();`,
  );
  expect(events).toEqual([{ type: "start", flags: ["--max-semi-space-size=2"] }]);
});

test.each([
  [
    "says nothing more, and ends when it is told to",
    `${says({ type: "start" })} process.on("disconnect", () => process.exit(130)); ${forEver}`,
  ],
  ["says what is no event again and again", `setInterval(() => console.log("…"), 50);`],
  ["hears no word and no signal", `process.on("SIGTERM", () => undefined); ${forEver} for (;;);`],
])("a command that %s is ended, and told as one that hangs", async (_, text) => {
  const { result, tookMs } = await ran(text);
  expect(result).toMatchObject({ ok: false, code: "agent.stalled" });
  expect(tookMs).toBeLessThan(10_000);
});

test("what ended well while it was being ended has ended well", async () => {
  const { result } = await ran(
    `process.on("disconnect", () => { ${says(done)} process.exit(0); }); ${forEver}`,
  );
  expect(result).toEqual(done);
});

test("one that cannot be ended is left alone, and none of its kind is begun beside it", async () => {
  const pids = join(folder, "pids");
  const text = `import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(pids)}, process.pid + " "); ${forEver}`;
  const begun = async (): Promise<string[]> => (await readFile(pids, "utf8")).trim().split(" ");
  // As a process that waits for a disk that does not answer.
  const kill = vi.spyOn(ChildProcess.prototype, "kill").mockReturnValue(true);
  try {
    for (let i = 0; i < 2; i++)
      expect((await ran(text)).result).toMatchObject({ ok: false, code: "agent.stalled" });
    expect(await begun()).toHaveLength(1);
    expect((await ran(text, { args: ["backup", "another"] })).result).toMatchObject({
      code: "agent.stalled",
    });
    expect(await begun()).toHaveLength(2);
  } finally {
    kill.mockRestore();
    for (const pid of await begun()) process.kill(Number(pid), "SIGKILL");
  }
  // Once it has gone, the next one begins.
  await expect.poll(async () => (await ran(says(done))).result, { timeout: 10_000 }).toEqual(done);
});

test("one that is stopped and does not end was stopped, and did not fail", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const { result, tookMs } = await ran(`process.on("SIGTERM", () => undefined); ${forEver} for (;;);`, {
    stalledMs: 60_000,
    signal: stop.signal,
  });
  expect(result).toMatchObject({ ok: false, code: "base.aborted" });
  expect(tookMs).toBeLessThan(10_000);
});
