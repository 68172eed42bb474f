/*
 * npm test: types, lint, format, dead code, a build of the web app, then every test in Node and in Chromium.
 * With arguments, Vitest alone, which gets them: npm test -- packages/core/src/base
 * The last line is "N passed, N failed". A part that was not run is named; in CI it is a failure.
 */
import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from "node:fs";
import { freemem, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./chromium.ts";
import { startParts } from "./parts/start.ts";
import { tally, type Tally } from "./tally.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isCi = process.env["CI"] !== undefined && process.env["CI"] !== "" && process.env["CI"] !== "false";

interface Stage {
  readonly name: string;
  /** One or more commands, each a script and its arguments; the stage passes if all end with 0. */
  readonly commands: readonly (readonly string[])[];
}

const stages: readonly Stage[] = [
  {
    name: "types",
    commands: globSync(
      [
        "packages/*/tsconfig*.json",
        "packages/web/src/offline/tsconfig.json",
        "{bench,tools,e2e}/tsconfig.json",
      ],
      { cwd: root },
    )
      .toSorted()
      .map((project) => ["node_modules/typescript/bin/tsc", "--project", project, "--pretty", "false"]),
  },
  {
    name: "format",
    commands: [["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]],
  },
  { name: "lint", commands: [["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"]] },
  { name: "dead code", commands: [["node_modules/knip/bin/knip.js", "--no-progress", "--no-config-hints"]] },
  { name: "web app", commands: [["tools/web/main.ts", "--if-changed"]] },
  { name: "command line", commands: [["tools/cli/main.ts"]] },
];

async function main(given: readonly string[]): Promise<number> {
  const results: Tally[] = [];
  if (given.length === 0) results.push(...(await runStages()));
  const chromium = await findChromium({ install: true });
  if ("path" in chromium) {
    process.env["CHROMIUM_PATH"] = chromium.path;
    console.log(`browser      Chromium from ${chromium.from}`);
  } else {
    results.push({ passed: 0, failed: 0, notRun: [`the tests in Chromium: ${chromium.missing}`] });
  }
  results.push(await (given.length === 0 ? runAllTests() : runVitest(given)));
  return conclude(results);
}

/** Two at a time: some of them keep only one core busy. */
async function runStages(): Promise<readonly Tally[]> {
  const results: Tally[] = [];
  const left = [...stages];
  const lane = async (): Promise<void> => {
    for (let stage = left.shift(); stage !== undefined; stage = left.shift())
      results.push(await runStage(stage));
  };
  await Promise.all([lane(), lane()]);
  return results;
}

async function runStage({ name, commands }: Stage): Promise<Tally> {
  const startedMs = performance.now();
  const outputs: string[] = commands.length === 0 ? ["nothing to check was found\n"] : [];
  for (const command of commands) {
    const { exitCode, output } = await run(command, "pipe");
    if (exitCode !== 0) outputs.push(output === "" ? `${command[0]} ended with ${exitCode}\n` : output);
  }
  const hasPassed = outputs.length === 0;
  console.log(`${name.padEnd(12)} ${hasPassed ? "passed" : "FAILED"} ${secondsSince(startedMs)}`);
  for (const output of outputs) process.stdout.write(output);
  return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, notRun: [] };
}

/**
 * Every test, with the parts that they share; tests that are run alone start their own. The run has a temporary folder
 * of its own, in which tests leave nothing.
 */
async function runAllTests(): Promise<Tally> {
  const folder = mkdtempSync(join(quickFolder(), "keepsake-run-"));
  // PostgreSQL, which never runs as root, comes through here.
  chmodSync(folder, 0o711);
  for (const name of ["TMPDIR", "TEMP"]) process.env[name] = folder;
  // Handlers are called in their order: parts that still run then are ended before their folder goes.
  const parts = await startParts().finally(() =>
    process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })),
  );
  let tests: Tally;
  try {
    tests = await runVitest([]);
  } finally {
    await parts[Symbol.asyncDispose]();
  }
  const { passed, failed, notRun } = tests;
  return { passed, failed: failed + countLeft(folder), notRun: [...parts.notRun, ...notRun] };
}

/** Tests write much that lasts for seconds: into memory where there is plenty, since what a disk takes to sync is most of it. */
function quickFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    if (Math.min(bavail * bsize, freemem()) > MEMORY_BYTES) return MEMORY_FOLDER;
  } catch {
    // Only Linux has one.
  }
  return tmpdir();
}

const MEMORY_FOLDER = "/dev/shm";
const MEMORY_BYTES = 12 * 2 ** 30;

/** Names what tests left in the temporary folder: what is left once holds the data of who comes after, too. */
function countLeft(folder: string): number {
  const left = readdirSync(folder).filter((name) => name.startsWith("keepsake-"));
  for (const name of left) console.log(`left in the temporary folder: ${name}`);
  return left.length;
}

/** Whether the run was told to end. What runs then is told so too, and what was started for the tests is ended. */
let isStopped = false;

/** Ctrl-C and the like; a second one ends at once. */
function endOnSignals(): void {
  for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
    process.on(signal, () => {
      if (isStopped) process.exit(128 + number);
      isStopped = true;
      process.exitCode = 128 + number;
      for (const child of running) child.kill("SIGINT");
    });
}

async function runVitest(given: readonly string[]): Promise<Tally> {
  const startedMs = performance.now();
  const report = join(root, "node_modules", ".cache", `vitest-${process.pid}.json`);
  mkdirSync(dirname(report), { recursive: true });
  const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { exitCode } = await run(["node_modules/vitest/vitest.mjs", ...options, ...given], "inherit");
  const result = tally(readIfAny(report), exitCode, { isWhole: given.length === 0 });
  rmSync(report, { force: true });
  console.log(
    `${"tests".padEnd(12)} ${result.failed === 0 ? "passed" : "FAILED"} ${secondsSince(startedMs)}`,
  );
  return result;
}

function conclude(results: readonly Tally[]): number {
  const notRun = results.flatMap((result) => result.notRun);
  for (const part of notRun) console.log(`not run: ${part}`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, isCi ? notRun.length : 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

const running = new Set<ChildProcess>();

/** Runs a script under this Node. Its output is collected, or goes where ours goes. */
function run(
  command: readonly string[],
  output: "pipe" | "inherit",
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number; output: string }>();
  if (isStopped) return Promise.resolve({ exitCode: 1, output: "stopped\n" });
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", output, output] });
  running.add(child);
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("error", (error) => resolve({ exitCode: 1, output: `${error.message}\n` }));
  child.on("close", (code) => {
    running.delete(child);
    resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString() });
  });
  return promise;
}

function readIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function secondsSince(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}

endOnSignals();
const exitCode = await main(process.argv.slice(2));
process.exitCode ??= exitCode;
