/*
 * The server as a process: reads its configuration from the environment, listens, and stops on SIGTERM or SIGINT.
 * Its log is one JSON object a line on standard output.
 */
import { codes, KeepsakeError } from "@keepsake/core/base";
import { parseConfig } from "./config.ts";
import { printLog } from "./log.ts";
import { serve } from "./serve.ts";

try {
  const config = parseConfig(process.env);
  const serving = await serve(config, { log: printLog });
  const { url, invitation, sampleInvitation } = serving;
  printLog({
    event: "listening",
    url,
    ...(invitation === undefined ? {} : { invitation }),
    ...(sampleInvitation === undefined ? {} : { sampleInvitation }),
  });
  const stop = async (signal: string): Promise<void> => {
    printLog({ event: "stopping", signal });
    await serving.stop();
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
