import type { Kysely } from "kysely";
import type { JobTable } from "../jobs/tables.ts";

/** The tables by name. Dates are milliseconds since 1970, booleans 0 or 1, JSON is text, bytes are Uint8Array. */
export interface Tables {
  /** Which migrations were done. */
  readonly migration: MigrationTable;
  readonly job: JobTable;
}

/** Statements: Kysely's builder over our tables. */
export type Query = Kysely<Tables>;

interface MigrationTable {
  readonly name: string;
  /** SHA-256 of its statements, as hex. */
  readonly digest: string;
  readonly doneAtMs: number;
}
