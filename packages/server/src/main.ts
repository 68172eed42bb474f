/*
 * The server as a process: serves (without a verb), is a guard, or does what its operator asks for beside it. Its
 * configuration comes from the environment. The log of serving is one JSON object a line on standard output.
 */
import { codes, KeepsakeError } from "@keepsake/core/base";
import { parseConfig, parseGuardConfig } from "./config.ts";
import { parseGatewayConfig } from "./gateway/config.ts";
import { serveGateway } from "./gateway/serve.ts";
import type { RunningServer } from "./http/app.ts";
import { printLog } from "./log.ts";
import { backupServer, restoreServer } from "./operator/backup.ts";
import { requireApart, saysApart } from "./operator/day-keys.ts";
import { examine } from "./operator/doctor.ts";
import { helpText } from "./operator/help.ts";
import { dayKeysVerb } from "./operator/verbs/day-keys.ts";
import { databaseVerb } from "./operator/verbs/database.ts";
import type { Given } from "./operator/verbs/given.ts";
import { logVerb } from "./operator/verbs/log.ts";
import { memberVerb } from "./operator/verbs/member.ts";
import { moveVerb } from "./operator/verbs/move.ts";
import { objectsVerb } from "./operator/verbs/objects.ts";
import { serve } from "./serve.ts";
import { serveGuard } from "./serve-guard.ts";

const isChinese = /^zh/i.test(
  process.env["LC_ALL"] || process.env["LC_MESSAGES"] || process.env["LANG"] || "",
);

const verbs: Readonly<Record<string, (given: readonly string[]) => Promise<void>>> = {
  serve: async () => untilStopped(await startAll()),
  guard: async () => untilStopped(await startGuard()),
  gateway: async () => untilStopped(await startGateway()),
  backup,
  restore: async (given) => print(await restoreServer(parseConfig(process.env), folder(given))),
  database: (given) => databaseVerb(beside(given)),
  move: (given) => moveVerb(beside(given)),
  log: (given) => logVerb(beside(given)),
  member: (given) => memberVerb(beside(given)),
  objects: (given) => objectsVerb(beside(given)),
  "day-keys": (given) => dayKeysVerb(beside(given)),
  doctor,
  help: () => Promise.resolve(void process.stdout.write(isChinese ? helpText.zh : helpText.en)),
};

try {
  const [verb = "serve", ...given] = process.argv.slice(2);
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (run === undefined) throw new KeepsakeError("cli.usage", { details: { name: "keepsake-server help" } });
  await run(given);
} catch (error) {
  const { code, details } = KeepsakeError.is(error)
    ? error
    : new KeepsakeError("base.unexpected", { cause: error });
  printLog({ event: "failed", code, text: isChinese ? codes[code].zh : codes[code].en, ...details });
  process.exitCode = codes[code].exit;
}

async function startAll(): Promise<RunningServer> {
  const serving = await serve(parseConfig(process.env), { log: printLog });
  const { url, invitation, sampleInvitation, isPaymentsTest } = serving;
  printLog({
    event: "listening",
    url,
    ...(isPaymentsTest ? { isPaymentsTest } : {}),
    ...(invitation === undefined ? {} : { invitation }),
    ...(sampleInvitation === undefined ? {} : { sampleInvitation }),
  });
  return serving;
}

async function startGuard(): Promise<RunningServer> {
  const serving = await serveGuard(parseGuardConfig(process.env), { log: printLog });
  printLog({ event: "listening", url: serving.url, role: "guard" });
  return serving;
}

async function startGateway(): Promise<RunningServer> {
  const serving = await serveGateway(parseGatewayConfig(process.env), { log: printLog });
  const { url, directory } = serving;
  printLog({ event: "listening", url, directory, role: "gateway" });
  return serving;
}

async function backup(given: readonly string[]): Promise<void> {
  const [config, to] = [parseConfig(process.env), folder(given)];
  await requireApart(config, to);
  print(await backupServer(config, to));
  process.stderr.write(saysApart(config)[isChinese ? "zh" : "en"]);
}

function untilStopped(running: RunningServer): void {
  const stop = async (signal: string): Promise<void> => {
    printLog({ event: "stopping", signal });
    await running.stop();
    printLog({ event: "stopped" });
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void stop(signal));
}

async function doctor(): Promise<void> {
  for await (const { part, isGood, en, zh } of examine(parseConfig(process.env))) {
    process.stdout.write(`${isGood ? "✓" : "✗"} ${part.padEnd(9)} ${isChinese ? zh : en}\n`);
    if (!isGood) process.exitCode = codes["cli.partly"].exit;
  }
}

function beside(words: readonly string[]): Given {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return { words, environment: process.env, isChinese, say };
}

/** The one folder that a verb is given. */
function folder(given: readonly string[]): string {
  const [path, ...more] = given;
  if (path === undefined || path.startsWith("-") || more.length > 0)
    throw new KeepsakeError("cli.usage", { details: { name: "keepsake-server help" } });
  return path;
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
