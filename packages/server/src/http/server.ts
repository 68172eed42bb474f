import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KeepsakeError } from "@keepsake/core/base";
import type { Config } from "../config.ts";
import { respond } from "./routes.ts";

/** A server that listens. The caller stops it. */
export interface RunningServer {
  readonly url: string;
  /** Takes no new connections, lets requests under way finish for `stopWithinMs`, then cuts them. */
  stop(): Promise<void>;
}

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;

/** Starts to listen. Throws `base.invalid` if the address cannot be had. */
export async function startServer(config: Config): Promise<RunningServer> {
  const state = { isStopping: false };
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    (request, response) => respond(request, response, state),
  );
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(config.port, config.host, listening.resolve);
  await listening.promise.catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_HOST or KEEPSAKE_PORT" } });
  });

  const closed = Promise.withResolvers<void>();
  const stop = (): Promise<void> => {
    if (state.isStopping) return closed.promise;
    state.isStopping = true;
    const cut = setTimeout(() => server.closeAllConnections(), config.stopWithinMs);
    server.close(() => {
      clearTimeout(cut);
      closed.resolve();
    });
    server.closeIdleConnections();
    return closed.promise;
  };
  return { url: urlOf(server.address() as AddressInfo), stop };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
