import { readConfig } from "../../agent/kept/config.ts";
import type { Run } from "../../context.ts";
import * as words from "../../ui/messages/agent.ts";

export const run: Run = async ({ env, output }) => {
  const { config, findings } = await readConfig(env);
  for (const finding of findings) {
    output.finding(finding);
    output.warn(words.unknownKey, { where: finding.where ?? "" });
  }
  const { sources } = config;
  for (const source of sources) output.event("source", { ...source });
  const { name, path, format, me, password } = words.listColumns;
  output.table(
    [
      { title: output.text(name) },
      { title: output.text(path), most: 60 },
      { title: output.text(format) },
      { title: output.text(me) },
      { title: output.text(password), most: 60 },
    ],
    sources.map((each) => [
      each.name,
      each.path,
      each.format ?? "—",
      each.me ?? "—",
      each.backupPasswordFile ?? "—",
    ]),
  );
  if (sources.length === 0) output.say(words.nothingWatched);
  return { data: { sources: sources.length } };
};
