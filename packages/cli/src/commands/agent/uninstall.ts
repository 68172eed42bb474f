import { rm } from "node:fs/promises";
import { ask } from "../../agent/machine/ask.ts";
import { ownUnit } from "../../agent/unit/own.ts";
import type { Run } from "../../context.ts";
import * as words from "../../ui/messages/agent.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const unit = ownUnit(context.env, context.output.language);
  for (const [command, ...args] of unit?.uninstall ?? []) await ask(command, args);
  for (const { path } of unit?.files ?? []) await rm(path, { force: true });
  output.say(words.uninstalled);
  return {};
};
