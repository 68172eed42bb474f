/*
 * npm run fuzz: gives every reader inputs that nobody would write, a million each.
 *   --inputs N   as many inputs for each          --seconds S   at most so long for each
 *   --reader ID  only this one                    --seed S      other inputs
 * Each reader runs in its own process, two at once. A fault is printed with its number, which gives the input again:
 *   npm run fuzz -- --reader ID --seed S --first NUMBER --inputs 1
 */
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nodePrimitives } from "../packages/core/src/platform/node/index.ts";
import { fuzz, subjects } from "../packages/core/testing/fuzz/index.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seconds: { type: "string" },
    reader: { type: "string" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
  },
});

const formats = join(dirname(dirname(fileURLToPath(import.meta.url))), "packages/core/src/formats");
const fixtures = new Map(
  globSync("*/fixtures/{valid,invalid}/*.json*", { cwd: formats })
    .toSorted()
    .map((path) => [path.replaceAll("\\", "/"), new Uint8Array(readFileSync(join(formats, path)))]),
);
const all = subjects(fixtures, nodePrimitives);

/** The time of this thread alone: others may be busy, and a machine may sleep. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function runOne(id: string): Promise<number> {
  const subject = all.find((entry) => entry.id === id);
  if (subject === undefined) {
    console.error(`Use one of: ${all.map((entry) => entry.id).join(", ")}.`);
    return 2;
  }
  const startedMs = performance.now();
  const startedCpuMs = cpuMs();
  const result = await fuzz(subject, {
    seed: values.seed,
    inputs: Number(values.inputs),
    first: Number(values.first),
    now: cpuMs,
    memoryBytes: () => process.memoryUsage().heapUsed,
    ...(values.seconds !== undefined && { untilMs: startedCpuMs + 1000 * Number(values.seconds) }),
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const rate = Math.round(result.inputs / seconds);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${id.padEnd(14)} ${result.inputs} inputs, ${result.refused} refused, ${rate} a second, ` +
      `slowest ${Math.round(result.slowestMs)} ms, peak ${peakMb} MB, ${result.faults.length} faults`,
  );
  for (const { number, what } of result.faults) console.log(`  input ${number}: ${what}`);
  return result.faults.length === 0 ? 0 : 1;
}

/** Every reader in a process of its own, so that one cannot spoil another's memory. */
async function runAll(): Promise<number> {
  const waiting = all.map((subject) => subject.id);
  let worst = 0;
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
      worst = Math.max(worst, await runProcess(id));
  };
  await Promise.all([work(), work()]);
  return worst;
}

function runProcess(id: string): Promise<number> {
  const args = [...process.argv.slice(1), "--reader", id];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  return new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

process.exitCode = values.reader === undefined ? await runAll() : await runOne(values.reader);
