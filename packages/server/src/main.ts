/*
 * The server as a process: reads its configuration from the environment, listens, and stops on SIGTERM or SIGINT.
 * Its log is one JSON object a line on standard output.
 */
import { codes, KeepsakeError } from "@keepsake/core/base";
import { parseConfig } from "./config.ts";
import { startServer } from "./http/server.ts";

const log = (event: Readonly<Record<string, string | number | boolean>>): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
};

try {
  const server = await startServer(parseConfig(process.env));
  log({ event: "listening", url: server.url });
  const stop = async (signal: string): Promise<void> => {
    log({ event: "stopping", signal });
    await server.stop();
    log({ event: "stopped" });
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void stop(signal));
} catch (error) {
  const { code, details } = KeepsakeError.is(error)
    ? error
    : new KeepsakeError("base.unexpected", { cause: error });
  log({ event: "failed", code, text: codes[code].en, ...details });
  process.exitCode = codes[code].exit;
}
