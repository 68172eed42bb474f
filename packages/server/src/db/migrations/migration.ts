import type { Schema } from "../schema.ts";

/** A step of the tables, forward and back. Once released it is never changed: another one follows it. */
export interface Migration {
  /** "0001-what-it-makes". */
  readonly name: string;
  /** What goes with it when it is undone, for who is about to do so: ends a sentence. */
  readonly loses: { readonly en: string; readonly zh: string };
  up(schema: Schema): Promise<void>;
  down(schema: Schema): Promise<void>;
}
