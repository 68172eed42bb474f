/** A job that waits, runs, or was given up. */
export interface JobTable {
  readonly id: string;
  readonly kind: string;
  /** Only one job of a kind has the same. */
  readonly key: string | null;
  /** JSON. */
  readonly payload: string;
  /** When it runs; while it runs, when its lease ends; null once it was given up. */
  readonly dueAtMs: number | null;
  /** When it runs once more, because that was asked for while it ran. */
  readonly againAtMs: number | null;
  readonly tries: number;
  readonly madeAtMs: number;
  /** The code of the last failure. */
  readonly lastError: string | null;
}
