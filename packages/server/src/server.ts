import type { Clock } from "@keepsake/core/base";
import type { Blobs } from "./blobs/blobs.ts";
import type { Providers } from "./billing/providers/open.ts";
import type { Cells } from "./cells/cells.ts";
import type { Config } from "./config.ts";
import type { Db } from "./db/index.ts";
import type { Guard } from "./guards/index.ts";
import type { Log } from "./log.ts";
import type { Channels } from "./notices/channel.ts";
import type { DayKeys } from "./keys/day-keys.ts";
import type { Secrets } from "./keys/secrets.ts";
import type { Catalogues } from "./plans/catalogues.ts";

/** What every verb of the server is given: where things lie, its keys, its settings, the time. */
export interface Server {
  readonly config: Config;
  readonly db: Db;
  readonly blobs: Blobs;
  readonly secrets: Secrets;
  readonly dayKeys: DayKeys;
  /** How contacts are reached. */
  readonly channels: Channels;
  /** Where this process is a guard. */
  readonly guard: Guard | undefined;
  /** What is offered. */
  readonly catalogues: Catalogues;
  /** Who takes money for it. */
  readonly providers: Providers;
  /** The number of the cell that this process is of; 0 where the server is alone. */
  readonly cell: number;
  /** What other cells are asked for. */
  readonly cells: Cells;
  readonly clock: Clock;
  readonly log: Log;
}
