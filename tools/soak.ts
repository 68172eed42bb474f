import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/*
 * npm run soak: the tests that CI runs in a short form, in full: every crash point with every disk that may survive it,
 * every bit, tens of thousands of races, a phone with millions of messages, a server that members use for an hour, and
 * then the fuzzer. Takes hours; ends with the first failure.
 *   --inputs N   as many inputs for each reader of the fuzzer
 *   --server     only the server, on embedded parts and on PostgreSQL and S3
 *   --minutes N  so long on each
 */
const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    server: { type: "boolean", default: false },
    minutes: { type: "string", default: "60" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const server = "e2e/server/soak";
const long = values.server ? [server] : ["crash", "races", "bits", "folder-race", "large-phone", server];

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
process.exitCode = await run([vitest, "run", "--project", "node", ...long], {
  KEEPSAKE_SOAK: "1",
  KEEPSAKE_SOAK_MINUTES: values.minutes,
});
if (process.exitCode === 0 && !values.server)
  process.exitCode = await run(["tools/fuzz.ts", "--inputs", values.inputs], {});

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  const [exit] = (await once(child, "close")) as [number | null];
  return exit ?? 1;
}
