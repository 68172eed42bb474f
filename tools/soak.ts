import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/*
 * npm run soak: the tests that CI runs in a short form, in full: every crash point with every disk that may survive it,
 * every bit, tens of thousands of races, a phone with millions of messages, and then the fuzzer. Takes hours; ends with
 * the first failure.
 */
const { values } = parseArgs({ options: { inputs: { type: "string", default: "1000000" } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const long = ["crash", "races", "bits", "folder-race", "large-phone"];

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
process.exitCode = await run([vitest, "run", "--project", "node", ...long], { KEEPSAKE_SOAK: "1" });
if (process.exitCode === 0) process.exitCode = await run(["tools/fuzz.ts", "--inputs", values.inputs], {});

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  const [exit] = (await once(child, "close")) as [number | null];
  return exit ?? 1;
}
