import type { Schema } from "../schema.ts";
import { jobs } from "./0002-jobs.ts";

/** A step of the tables, forward and back. Once released it is never changed: another one follows it. */
export interface Migration {
  /** "0001-what-it-makes". */
  readonly name: string;
  up(schema: Schema): Promise<void>;
  down(schema: Schema): Promise<void>;
}

/** All steps in order. */
export const migrations: readonly Migration[] = [jobs];
