import type { Server } from "../../server.ts";
import { requireOneMode } from "../books/mode.ts";
import { seenBook } from "../books/office/seen.ts";
import { HEARING_PATH } from "../providers/configured.ts";
import { openProviders } from "../providers/open.ts";
import { startSimulators } from "./all.ts";
import { freePort } from "../../free-port.ts";

/** A server on which everything can be bought, and no money moves. */
export interface TestMode extends AsyncDisposable {
  readonly server: Server;
}

/**
 * Puts the simulators of all providers beside a server: of this machine alone, selling what its catalogue offers now.
 * They know nothing of what was bought at earlier ones. Whoever starts them ends them with the server.
 */
export async function startTestMode(server: Server): Promise<TestMode> {
  const { clock, config, catalogues, db, secrets } = server;
  // Providers are told where to call before the server listens.
  const port = config.port === 0 ? await freePort(config.host) : config.port;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const hears = `http://${host}:${port}${HEARING_PATH}`;
  const simulators = await startSimulators({ clock, hears }, await catalogues.current());
  try {
    const parts = { clock, hearsAt: hears, seen: seenBook({ db, secrets }) };
    const providers = openProviders(simulators.settings, parts);
    await requireOneMode(db, providers);
    return {
      server: { ...server, providers, config: { ...config, port } },
      [Symbol.asyncDispose]: () => simulators[Symbol.asyncDispose](),
    };
  } catch (error) {
    await simulators[Symbol.asyncDispose]();
    throw error;
  }
}
