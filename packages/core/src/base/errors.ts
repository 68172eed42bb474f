import type { Code } from "./codes/index.ts";
import { textOfCode } from "./sentences.ts";

export type { Code } from "./codes/index.ts";

/** Whether trying the same thing again can help: never, after a while, or at once. */
export type Retry = "never" | "later" | "now";

export interface KeepsakeErrorOptions {
  readonly cause?: unknown;
  /** Values that may stand in a log: never chat text, names, numbers, keys or a person's paths. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  readonly retry?: Retry;
}

/**
 * The one error that Keepsake throws. Its text is its code's English sentence, or in the web app the code; people see the
 * table's.
 */
export class KeepsakeError extends Error {
  readonly code: Code;
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly retry: Retry;

  constructor(code: Code, options: KeepsakeErrorOptions = {}) {
    super(textOfCode(code), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "KeepsakeError";
    this.code = code;
    this.details = options.details ?? {};
    this.retry = options.retry ?? "never";
  }

  /** True for a KeepsakeError; with a code, for one of that code. */
  static is(error: unknown, code?: Code): error is KeepsakeError {
    return error instanceof KeepsakeError && (code === undefined || error.code === code);
  }
}
