import type { Body } from "./body.ts";

/** What a message was before an edit. */
export interface Revision {
  /** When this version was written. */
  readonly at?: number;
  readonly body?: Body;
  /** Places in the message's own `attachments`. */
  readonly attached?: readonly number[];
  readonly payload?: object;
}

/** How a message went. `deletedLocally` is set by us for a row that vanished from its source. */
export type DeletionState =
  "revokedBySender" | "deletedByAdmin" | "deletedLocally" | "redacted" | "expired" | "consumed";

export interface Deletion {
  readonly state: DeletionState;
  readonly by?: string;
  readonly at?: number;
  /** True where the record still holds what was said. */
  readonly contentRetained?: boolean;
}

/** A message that was meant to go away. */
export interface Ephemeral {
  readonly ttlMs?: number;
  readonly startedAt?: number;
  readonly expiresAt?: number;
  readonly viewOnce?: boolean;
  /** What a reader did because of it, such as `tombstone`. */
  readonly policyApplied?: string;
}
