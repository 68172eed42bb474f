import type { Bytes } from "../../base/index.ts";

/** A voice that any player opens. */
export interface Voice {
  /** A WAV file. */
  readonly bytes: Bytes;
  /** Whether the end was missing or could not be made out: what came before it is there. */
  readonly isCut: boolean;
}
