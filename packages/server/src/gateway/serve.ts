import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { KeepsakeError, systemClock, type Clock } from "@keepsake/core/base";
import { migrate, openDb, type Db } from "../db/index.ts";
import type { RunningServer } from "../http/app.ts";
import { readSecrets } from "../keys/secrets.ts";
import { stoppable, urlOf } from "../listening.ts";
import type { Log } from "../log.ts";
import { databaseOptions } from "../operator/database.ts";
import type { GatewayConfig } from "./config.ts";
import { listenForCells } from "./directory/listen.ts";
import { gatewayServer } from "./gateway.ts";
import { GatewayMetrics } from "./metrics.ts";
import { GatewayReadiness } from "./readiness.ts";
import { Targets } from "./targets.ts";

/** A gateway that listens, to members and to cells. */
export interface RunningGateway extends RunningServer {
  /** Where cells ask for names. */
  readonly directory: string;
  readonly db: Db;
}

/** Starts a gateway: the directory of names, and the address of all members. Throws `server.bad-secrets`, `base.invalid`. */
export async function serveGateway(
  config: GatewayConfig,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningGateway> {
  await mkdir(config.data, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_GATEWAY_DATA" } });
  });
  const secrets = await readSecrets(config.secretsFile);
  if (secrets === undefined) throw new KeepsakeError("server.bad-secrets");
  const db = await openDb(databaseOptions(config));
  const targets = new Targets(config.cells, { secrets, log });
  const ends: (() => Promise<void>)[] = [() => db.close(), async () => targets.close()];
  const endAll = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    await migrate(db);
    const directory = await listenForCells({ db, clock }, { address: config.directory, key: config.key });
    ends.push(directory.stop);
    const metrics = config.metrics === "" ? undefined : new GatewayMetrics(targets);
    if (metrics !== undefined) ends.push(await metrics.listen(config.metrics));
    const stopping = new AbortController();
    const server = gatewayServer({
      targets,
      secrets,
      db,
      log,
      metrics,
      isBehindProxy: config.behindProxy,
      readiness: new GatewayReadiness({ db, targets }),
      stopping: stopping.signal,
    });
    const stop = stoppable(server, {
      withinMs: config.stopWithinMs,
      onCut: () => log({ event: "cut" }),
      close: () => new Promise((done) => void server.close(() => done())),
    });
    await new Promise<void>((done, fail) => {
      server.once("error", fail).listen(config.port, config.host, done);
    }).catch((cause: unknown) => {
      throw new KeepsakeError("base.invalid", {
        cause,
        details: { name: "KEEPSAKE_GATEWAY_HOST or KEEPSAKE_GATEWAY_PORT" },
      });
    });
    ends.push(stop, async () => stopping.abort());
    let stopped: Promise<void> | undefined;
    return {
      url: urlOf(server.address() as AddressInfo),
      directory: directory.url,
      db,
      stop: () => (stopped ??= endAll()),
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}
