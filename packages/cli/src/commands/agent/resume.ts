import { writeResumed } from "../../agent/holds.ts";
import type { Run } from "../../context.ts";
import * as words from "../../ui/messages/agent.ts";

export const run: Run = async ({ env, output, clock }) => {
  await writeResumed(env, clock.now());
  output.say(words.resumed);
  return {};
};
