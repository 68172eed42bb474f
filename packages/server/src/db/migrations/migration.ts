import type { Schema } from "../schema.ts";

/** A step of the tables, forward and back. Once released it is never changed: another one follows it. */
export interface Migration {
  /** "0001-what-it-makes". */
  readonly name: string;
  up(schema: Schema): Promise<void>;
  down(schema: Schema): Promise<void>;
}
