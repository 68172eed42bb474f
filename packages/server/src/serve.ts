import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError, systemClock, type Clock } from "@keepsake/core/base";
import { folderBlobs } from "./blobs/folder.ts";
import type { Config } from "./config.ts";
import { migrate, openDb } from "./db/index.ts";
import { startServer, type RunningServer } from "./http/app.ts";
import { loadSecrets } from "./keys/secrets.ts";
import type { Log } from "./log.ts";
import { firstInvitation } from "./members/invitations.ts";
import type { Server } from "./server.ts";

/** A server with all its parts. */
export interface Serving extends RunningServer {
  readonly server: Server;
  /** For who signs up first and becomes the operator; undefined where there is one. */
  readonly invitation: string | undefined;
}

/** Opens the parts that the configuration names, brings the tables up to date, and listens. */
export async function serve(
  config: Config,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<Serving> {
  const server = await openService(config, { log, clock });
  try {
    await migrate(server.db);
    const invitation = await firstInvitation(server);
    const running = await startServer(server);
    return {
      server,
      invitation,
      url: running.url,
      stop: async () => {
        await running.stop();
        await server.db.close();
      },
    };
  } catch (error) {
    await server.db.close();
    throw error;
  }
}

async function openService(config: Config, { log, clock }: { log: Log; clock: Clock }): Promise<Server> {
  await mkdir(config.data, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_DATA" } });
  });
  const secrets = await loadSecrets(config.secretsFile);
  const db = await openDb(
    config.postgres === ""
      ? { sqlite: join(config.data, "keepsake.db") }
      : { postgres: config.postgres, connections: config.postgresConnections },
  );
  return { config, db, blobs: folderBlobs(join(config.data, "objects")), secrets, clock, log };
}
