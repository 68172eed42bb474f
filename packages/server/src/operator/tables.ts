/** An action of the operator. The engine itself refuses to change or remove one. */
export interface OperatorEventTable {
  readonly number: number;
  readonly atMs: number;
  readonly kind: string;
  /** The session that did it, or `command-line`. */
  readonly who: string;
  /** JSON: ids and numbers. */
  readonly details: string;
  /** The hash of the entry before; empty for the first. */
  readonly before: string;
  /** Ed25519, in base64url: who has the database alone can make none. */
  readonly signature: string;
}

/** One row: where the log ends. */
export interface OperatorEndTable {
  readonly id: number;
  readonly entries: number;
  /** The hash of the last entry. */
  readonly hash: string;
}
