import type { Code, KeepsakeError } from "@keepsake/core/base";
import type { Carrying } from "../threads/calls.ts";
import type { Both } from "./language.ts";

/** What the other thread is told of an error. */
export interface Told {
  readonly code: Code;
  readonly details: KeepsakeError["details"];
  readonly retry: KeepsakeError["retry"];
}

/** An error of the other thread, as this one knows it. */
export class Problem extends Error {
  readonly told: Told;
  /** What people are told of it; only a page knows that. */
  readonly says: Both<string> | undefined;

  constructor(told: Told, says?: Both<string>) {
    super(says?.en ?? told.code);
    [this.told, this.says] = [told, says];
  }

  static is(error: unknown, code: Code): error is Problem {
    return error instanceof Problem && error.told.code === code;
  }
}

/**
 * Errors keep their code on the way between worker and page; of others, only that they happened is carried. The page
 * asks for what is said of a code: most codes are never met.
 */
export function carryErrors(
  tell: (error: unknown) => Told,
  saysOf?: (code: Code) => Promise<Both<string>>,
): Carrying<Told> {
  return {
    tell: (error) => (error instanceof Problem ? error.told : tell(error)),
    become: async (told) => new Problem(told, await saysOf?.(told.code)),
  };
}

/** What is told of an error that nobody expected. */
export function unexpected(error: unknown): Told {
  reportError(error);
  return { code: "base.unexpected", details: {}, retry: "never" };
}
