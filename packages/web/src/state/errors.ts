import { KeepsakeError, type Code } from "@keepsake/core/base";
import { transferHandlers } from "comlink";

interface Thrown {
  readonly value: unknown;
}

interface Carried {
  readonly code: Code;
  readonly details: KeepsakeError["details"];
  readonly retry: KeepsakeError["retry"];
}

/** Errors keep their code on the way from the worker to the page; of others, only that they happened is carried. */
export function carryErrors(): void {
  const before = transferHandlers.get("throw")!;
  transferHandlers.set("throw", {
    canHandle: (value): value is Thrown => before.canHandle(value),
    serialize: ({ value }: Thrown) => [carried(value), []],
    deserialize: ({ code, details, retry }: Carried) => {
      throw new KeepsakeError(code, { details, retry });
    },
  });
}

function carried(error: unknown): Carried {
  if (KeepsakeError.is(error)) return { code: error.code, details: error.details, retry: error.retry };
  reportError(error);
  return { code: "base.unexpected", details: {}, retry: "never" };
}
