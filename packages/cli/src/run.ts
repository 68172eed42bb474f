import { codes, KeepsakeError, systemClock } from "@keepsake/core/base";
import { nodePrimitives } from "@keepsake/core/node/primitives";
import type { CommandSpec } from "./commands/spec.ts";
import { Input } from "./input.ts";
import { diskProblem } from "./disk-problem.ts";
import * as program from "./ui/messages/program.ts";
import type { Language } from "./ui/language.ts";
import { Output, type Outcome } from "./ui/output.ts";
import { instantText, spanText } from "./ui/values.ts";
import { terminalPrompt } from "./ui/prompt.ts";

export interface RunOptions {
  readonly language: Language;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
}

/** Runs one command from its start event to its result event. Returns the exit code; throws nothing. */
export async function runCommand(
  spec: CommandSpec,
  args: readonly string[],
  given: Readonly<Record<string, unknown>>,
  { language, env, version }: RunOptions,
): Promise<number> {
  const output = new Output({
    language,
    isJson: given["json"] === true,
    isQuiet: given["quiet"] === true,
    hasColour: hasColour(given, env),
  });
  const stop = stopOnSignal();
  const input = new Input(args, given);
  const prompt = output.isJson ? undefined : terminalPrompt(stop.signal, () => output.clear());
  output.event("start", { command: spec.name, version });
  try {
    const { run } = await spec.load();
    const ground = { signal: stop.signal, env, primitives: nodePrimitives, clock: systemClock };
    return output.finish(await run({ input, output, prompt, ...ground }));
  } catch (error) {
    return output.finish(failure(error, spec, output, stop.signal));
  } finally {
    stop.release();
  }
}

/** An error as an outcome, told to people: its code, and details that are safe to show. Never a foreign error's text. */
function failure(error: unknown, spec: CommandSpec, output: Output, signal: AbortSignal): Outcome {
  if (signal.aborted) return { code: "base.aborted" };
  if (KeepsakeError.is(error, "cli.usage")) return refusal(output, spec.name, error.details);
  const { code, details, retry } = KeepsakeError.is(error)
    ? error
    : { ...diskProblem(error), retry: undefined };
  output.sentence(code);
  const text = Object.entries(details).map(detailText);
  if (text.length > 0) output.warn({ en: `(${text.join(", ")})`, zh: `（${text.join("，")}）` });
  return { code, data: { details, retry }, isTold: true };
}

/** A detail as people read it: a day and a span of time are not shown in milliseconds. */
function detailText([name, value]: readonly [string, unknown]): string {
  const told = { untilMs: instantText, waitMs: spanText }[name];
  return told === undefined || typeof value !== "number"
    ? `${name} ${String(value)}`
    : `${name.slice(0, -2)} ${told(value)}`;
}

/** A command line that cannot be understood, as an outcome: people are told what stands wrong and where help is. */
export function refusal(output: Output, command: string, details: KeepsakeError["details"]): Outcome {
  const problem = program.problems[String(details["problem"])];
  const option = String(details["option"] ?? "");
  output.warn(problem ?? codes["cli.usage"], { option, known: String(details["known"] ?? "") });
  if (option !== "" && String(details["problem"]).startsWith("unknown"))
    output.warn(program.didYouMean, { name: option });
  output.warn(command === "" ? program.seeAllHelp : program.seeHelp, { command });
  return { code: "cli.usage", data: { details }, isTold: true };
}

function hasColour(given: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): boolean {
  const isOff = given["color"] === false || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return !isOff && process.stdout.isTTY && process.stderr.isTTY;
}

/**
 * The first Ctrl-C lets the work end in order; the second ends it at once, which loses nothing that is stored. A
 * process that was started with a channel to another one stops when that closes.
 */
function stopOnSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  const onAlone = (): void => controller.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, onSignal);
  process.on("disconnect", onAlone);
  // It may have closed before anybody listened; undefined where there never was one.
  if (process.connected === false) onAlone();
  return {
    signal: controller.signal,
    release() {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(name, onSignal);
      process.off("disconnect", onAlone);
    },
  };
}
