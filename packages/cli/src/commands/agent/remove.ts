import { readConfigJson, writeConfig } from "../../agent/kept/config.ts";
import type { Run } from "../../context.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/agent.ts";

export const run: Run = async ({ input, env, output }) => {
  const [name] = input.args;
  const json = await readConfigJson(env);
  const { sources = [] } = json;
  const left = sources.filter((source) => source.name !== name);
  if (name === undefined || left.length === sources.length) throw usageError("name", "not-watched");
  await writeConfig(env, { ...json, sources: left });
  output.say(words.removed, { name });
  return { data: { sources: left.length } };
};
