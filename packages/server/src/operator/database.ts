import { join } from "node:path";
import type { Config } from "../config.ts";
import type { DbOptions } from "../db/index.ts";
import { DATABASE } from "./backup.ts";

/** The database that the configuration names. */
export function databaseOptions({ postgres, postgresConnections, data }: Config): DbOptions {
  return postgres === "" ? { sqlite: join(data, DATABASE) } : { postgres, connections: postgresConnections };
}
