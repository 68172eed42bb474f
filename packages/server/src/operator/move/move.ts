import { mkdir } from "node:fs/promises";
import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { openBlobs } from "../../blobs/open.ts";
import type { Config } from "../../config.ts";
import {
  beginMoving,
  endMoving,
  isMoving,
  migrate,
  migrationStatus,
  openDb,
  type Db,
} from "../../db/index.ts";
import { copyDayKeys, emptyFolder } from "../../keys/day-keys.ts";
import { hasTokens } from "../../keys/own-day-keys.ts";
import { databaseOptions, requireAlone } from "../database.ts";
import { recordLater } from "../log.ts";
import { copyObjects, type ObjectsMoved } from "./objects.ts";
import { copyRows, isEmpty } from "./rows.ts";

/*
 * A server moves to other parts: from SQLite and a folder to PostgreSQL and a bucket, or any other way round. The
 * source is read alone. Objects come first, since they take long and never change: a move that was cut off finds them
 * there. Rows come at the end, all of them anew, so that it does not matter whether the source went on meanwhile. A
 * mark in the new database keeps servers from starting on it until everything was compared.
 */

export interface MoveOptions {
  /** Whether to end although objects are missing at the source. */
  readonly withoutMissing: boolean;
  readonly tell: (event: MoveEvent) => void;
}

export type MoveEvent =
  | ({ readonly event: "moving-objects" } & ObjectsMoved)
  | { readonly event: "moved-rows"; readonly table: string; readonly rows: number };

export interface Moved extends ObjectsMoved {
  readonly rows: number;
}

/**
 * Moves all that a server has. Throws `server.database-in-use` while a server runs on either side,
 * `server.open-migrations`, `server.move-target-used`, `server.move-other-keys`, `server.day-keys`,
 * `server.move-lacks-objects`, `server.move-differs`.
 */
export async function moveServer(from: Config, to: Config, options: MoveOptions): Promise<Moved> {
  await mkdir(to.data, { recursive: true, mode: 0o700 });
  const source = await openAlone(from);
  try {
    await requireCurrent(source);
    const target = await openAlone(to);
    try {
      return await move(
        { db: source, blobs: openBlobs(from), dayKeys: from.dayKeys },
        { db: target, blobs: openBlobs(to), dayKeys: to.dayKeys },
        options,
      );
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

type Side = Parameters<typeof copyObjects>[0] & { readonly dayKeys: string };

async function move(from: Side, to: Side, { withoutMissing, tell }: MoveOptions): Promise<Moved> {
  await prepare(to.db);
  if ((await copyDayKeys(from.dayKeys, to.dayKeys)) === 0 && (await hasTokens(from.db.query)))
    throw emptyFolder();
  const moved = await copyObjects(from, to.blobs, (sofar) => tell({ event: "moving-objects", ...sofar }));
  if (moved.missing > 0 && !withoutMissing)
    throw new KeepsakeError("server.move-lacks-objects", { details: { missing: moved.missing } });
  const rows = await copyRows(from.db, to.db, (table, count) =>
    tell({ event: "moved-rows", table, rows: count }),
  );
  await requireAlone(from.db);
  await requireAlone(to.db);
  await to.db.transaction(async (query) => {
    const { objects, bytes, missing } = moved;
    const details = { objects, bytes, missing, rows };
    await recordLater(query, "moved", { nowMs: systemClock.now(), details });
    await endMoving(query);
  });
  return { ...moved, rows };
}

/** Empty tables of this program, with the mark. Throws `server.move-target-used`. */
async function prepare(db: Db): Promise<void> {
  await migrate(db);
  if (await isMoving(db)) {
    // Rows of an earlier try.
    await migrate(db, null);
    await migrate(db);
    return;
  }
  if (!(await isEmpty(db))) throw new KeepsakeError("server.move-target-used");
  await beginMoving(db);
}

/** One connection, by which `requireAlone` tells others from this one. */
async function openAlone(config: Config): Promise<Db> {
  const db = await openDb(databaseOptions({ ...config, postgresConnections: 1 }));
  try {
    await requireAlone(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function requireCurrent(db: Db): Promise<void> {
  const isOpen = (await migrationStatus(db)).some(({ doneAtMs }) => doneAtMs === undefined);
  if (isOpen) throw new KeepsakeError("server.open-migrations");
}
