import type { Code, KeepsakeError } from "@keepsake/core/base";
import { transferHandlers } from "comlink";
import type { Both } from "./language.ts";

/** What the other thread is told of an error. */
export interface Told {
  readonly code: Code;
  readonly details: KeepsakeError["details"];
  readonly retry: KeepsakeError["retry"];
  /** What the table of codes says of it: the table itself is in the worker alone. */
  readonly says: Both<string>;
}

/** An error of the other thread, as this one knows it. */
export class Problem extends Error {
  readonly told: Told;

  constructor(told: Told) {
    super(told.says.en);
    this.told = told;
  }

  static is(error: unknown, code: Code): error is Problem {
    return error instanceof Problem && error.told.code === code;
  }
}

interface Thrown {
  readonly value: unknown;
}

/** Errors keep their code on the way between worker and page; of others, only that they happened is carried. */
export function carryErrors(tell: (error: unknown) => Told): void {
  const before = transferHandlers.get("throw")!;
  transferHandlers.set("throw", {
    canHandle: (value): value is Thrown => before.canHandle(value),
    serialize: ({ value }: Thrown) => [value instanceof Problem ? value.told : tell(value), []],
    deserialize: (told: Told) => {
      throw new Problem(told);
    },
  });
}

/** What is said of an error that nobody expected. */
export function unexpected(error: unknown, says: Both<string>): Told {
  reportError(error);
  return { code: "base.unexpected", details: {}, retry: "never", says };
}
