import type { Bytes } from "../../src/base/index.ts";
import { unpacked } from "../packed.ts";
import packed from "./databases.json" with { type: "json" };

/** A database as bytes, and its log where it has one. */
export interface DatabaseBytes {
  readonly main: Bytes;
  readonly wal?: Bytes;
}

export type DatabaseName = keyof typeof packed;

/** The names of the databases that `make.ts` made. */
export const databaseNames = Object.keys(packed) as readonly DatabaseName[];

/** One of them. */
export async function databaseBytes(name: DatabaseName): Promise<DatabaseBytes> {
  const entry: { readonly main: string; readonly wal?: string } = packed[name];
  const main = await unpacked(entry.main);
  return entry.wal === undefined ? { main } : { main, wal: await unpacked(entry.wal) };
}
