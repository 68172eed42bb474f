import { systemClock, type Clock } from "@keepsake/core/base";
import type { Config } from "./config.ts";
import { destroySpent } from "./guards/index.ts";
import { startServer, type RunningServer } from "./http/app.ts";
import { addGuardRoutes } from "./http/routes/guards.ts";
import { addPublicRoutes } from "./http/routes/public.ts";
import { startJobs } from "./jobs/index.ts";
import type { Log } from "./log.ts";
import { openServer } from "./serve.ts";
import type { Server } from "./server.ts";

const SWEEP_MS = 10 * 60_000;

/** A guard by itself: its own database and secrets, no members. It answers to the servers that its settings name. */
export async function serveGuard(
  config: Config,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningServer & { readonly server: Server }> {
  const server = await openServer(config, { log, clock });
  const running = await startServer(server, (site, state) => {
    addPublicRoutes(site, state);
    addGuardRoutes(site);
  }).catch(async (error: unknown) => {
    await server.db.close();
    throw error;
  });
  const end = new AbortController();
  const { db, guard } = server;
  const jobs = startJobs({
    db,
    clock,
    signal: end.signal,
    report: (event) => log({ ...event }),
    handlers: { "sweep-guard": { everyMs: SWEEP_MS, run: async () => void (await destroySpent(guard!)) } },
  });
  return {
    server,
    url: running.url,
    stop: async () => {
      end.abort();
      await running.stop();
      await jobs;
      await db.close();
    },
  };
}
