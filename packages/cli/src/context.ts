import type { Clock, Primitives } from "@keepsake/core/base";
import type { Input } from "./input.ts";
import type { Outcome, Output } from "./ui/output.ts";
import type { Prompt } from "./ui/prompt.ts";

/** What every command is given. */
export interface Context {
  readonly input: Input;
  readonly output: Output;
  /** Undefined where nobody can be asked. */
  readonly prompt: Prompt | undefined;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly primitives: Primitives;
  readonly clock: Clock;
}

/** A command: it calls a verb of core and prints what came of it. */
export type Run = (context: Context) => Promise<Outcome>;
