import { parseArgs } from "node:util";
import { KeepsakeError } from "@keepsake/core/base";
import { parseConfig, type Config } from "../config.ts";
import type { MigrationStatus } from "../db/index.ts";
import { databaseDown, databaseStatus, databaseUp } from "./database.ts";

/*
 * What an operator asks for on the command line beside a server, as far as it is more than one call: what is given is
 * read, the verb is done, what came of it is told in the operator's language.
 */

/** What a verb of the command line is given. */
export interface Given {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly isChinese: boolean;
  readonly say: (line: string) => void;
}

type Options = Readonly<Record<string, "flag" | "value">>;

/** Words and options of a command line. Throws `cli.usage`. */
function read(words: readonly string[], options: Options): Parsed {
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, kind]) => [
          name,
          { type: kind === "flag" ? "boolean" : "string" },
        ]),
      ),
    });
    return { positionals, values };
  } catch (cause) {
    throw usage(cause);
  }
}

interface Parsed {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

function usage(cause?: unknown): KeepsakeError {
  return new KeepsakeError("cli.usage", { cause, details: { name: "keepsake-server help" } });
}

/** `database status | up | down --to N`. */
export async function databaseVerb(given: Given): Promise<void> {
  const { positionals, values } = read(given.words, { to: "value", yes: "flag" });
  const config = parseConfig(given.environment);
  const to = stepOf(values["to"]);
  const [verb, ...more] = positionals;
  if (more.length > 0) throw usage();
  if (verb === "status") tellSteps(given, await databaseStatus(config));
  else if (verb === "up") tellSteps(given, await databaseUp(config, to));
  else if (verb === "down" && to !== undefined)
    await goDown(given, { config, to, isMeant: values["yes"] === true });
  else throw usage();
}

async function goDown(
  { say, isChinese }: Given,
  { config, to, isMeant }: { readonly config: Config; readonly to: number; readonly isMeant: boolean },
): Promise<void> {
  const undone = await databaseDown(config, to, { isMeant });
  for (const { name, loses } of undone)
    say(isChinese ? `- ${name}  失去：${loses.zh}` : `- ${name}  loses ${loses.en}`);
  if (!isMeant && undone.length > 0) throw new KeepsakeError("cli.not-confirmed");
}

function tellSteps({ say, isChinese }: Given, steps: readonly MigrationStatus[]): void {
  const wait = isChinese ? "未执行" : "not done";
  for (const { name, doneAtMs } of steps)
    say(
      `${doneAtMs === undefined ? "·" : "✓"} ${name}  ${doneAtMs === undefined ? wait : new Date(doneAtMs).toISOString()}`,
    );
}

/** The number of a step. Throws `cli.usage`. */
function stepOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !/^\d{1,4}$/.test(value)) throw usage();
  return Number(value);
}
