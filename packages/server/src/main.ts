/*
 * The server as a process, or with the word "guard" a guard by itself: reads its configuration from the environment, listens, and stops on SIGTERM or SIGINT.
 * Its log is one JSON object a line on standard output.
 */
import { codes, KeepsakeError } from "@keepsake/core/base";
import { parseConfig, parseGuardConfig } from "./config.ts";
import type { RunningServer } from "./http/app.ts";
import { printLog } from "./log.ts";
import { serve } from "./serve.ts";
import { serveGuard } from "./serve-guard.ts";

try {
  const running = process.argv[2] === "guard" ? await startGuard() : await startAll();
  const stop = async (signal: string): Promise<void> => {
    printLog({ event: "stopping", signal });
    await running.stop();
    printLog({ event: "stopped" });
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void stop(signal));
} catch (error) {
  const { code, details } = KeepsakeError.is(error)
    ? error
    : new KeepsakeError("base.unexpected", { cause: error });
  printLog({ event: "failed", code, text: codes[code].en, ...details });
  process.exitCode = codes[code].exit;
}

async function startAll(): Promise<RunningServer> {
  const serving = await serve(parseConfig(process.env), { log: printLog });
  const { url, invitation, sampleInvitation } = serving;
  printLog({
    event: "listening",
    url,
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
