import { writePause } from "../../agent/holds.ts";
import type { Run } from "../../context.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/agent.ts";
import { instantText } from "../../ui/values.ts";

export const run: Run = async ({ input, env, output, clock }) => {
  const until = input.time("until");
  if (until !== undefined && until <= clock.now()) throw usageError("--until", "is-past");
  await writePause(env, until === undefined ? {} : { until });
  if (until === undefined) output.say(words.pausedNow);
  else output.say(words.pausedUntil, { time: instantText(until) });
  return { data: until === undefined ? {} : { until } };
};
