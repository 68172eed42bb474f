import { KeepsakeError } from "@keepsake/core/base";
import { parseConfig, type Config } from "../../config.ts";
import type { MigrationStatus } from "../../db/index.ts";
import { databaseDown, databaseStatus, databaseUp } from "../database.ts";
import { read, usage, type Given } from "./given.ts";

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
