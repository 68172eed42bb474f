import { codes } from "@keepsake/core/base";
import { Agent, type Told } from "../../agent/agent.ts";
import { notify } from "../../agent/machine/notify.ts";
import { newsOfServers, type News } from "../../agent/news.ts";
import { isGood } from "../../agent/plan/record.ts";
import type { Context, Run } from "../../context.ts";
import type { Output } from "../../ui/output.ts";
import * as words from "../../ui/messages/agent.ts";
import { eventText } from "@keepsake/core/protocol";
import { instantText } from "../../ui/values.ts";
import { holdText, resultText } from "./texts.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  await using agent = await start(context);
  if (!input.flag("once")) {
    await agent.run();
    return {};
  }
  const { rounds, hold } = await agent.runOnce();
  if (rounds.length === 0 && hold === undefined) output.say(words.nothingDue);
  const failed = rounds.filter((entry) => !isGood(entry) || entry.isShrunk === true);
  const data = {
    rounds: rounds.length,
    failed: failed.length,
    ...(hold !== undefined && { held: hold.reason }),
  };
  return failed.length > 0 ? { code: "cli.partly", data } : { data };
};

async function start({ env, clock, signal, output, primitives }: Context): Promise<Agent> {
  return Agent.start({
    env,
    now: () => clock.now(),
    signal,
    tell: (told) => tell(output, told),
    askServers: (stop) => newsOfServers(env, primitives, stop),
    showNews: (news) => notify(process.platform, output.text(words.title), newsText(output, news)),
    async remind(names, days) {
      const text = output.text(words.reminder, { names: names.join(", "), days });
      await notify(process.platform, output.text(words.title), text);
    },
  });
}

function tell(output: Output, told: Told): void {
  const { type, ...about } = told;
  output.event(type, about);
  switch (told.type) {
    case "watching":
      return output.say(words.watching, { n: told.sources });
    case "began":
      return output.say(words.began[told.running.work], { source: told.running.source ?? "" });
    case "ended": {
      const { work, source = "", endedAt } = told.entry;
      const what = `${output.text(words.works[work])} ${source}`.trim();
      return output.say(words.ended, {
        time: instantText(endedAt),
        what,
        result: resultText(output, told.entry),
      });
    }
    case "held":
      return output.say({ en: holdText(output, told.hold), zh: holdText(output, told.hold) });
    case "reminded":
      return output.say(words.reminder, { names: told.names.join(", "), days: told.days });
    case "news": {
      const text = newsText(output, told);
      return output.warn({ en: text, zh: text });
    }
  }
}

function newsText(output: Output, { server, kinds, problem }: News): string {
  const told = kinds.flatMap((kind) => eventText(kind) ?? []).map((each) => output.text(each));
  const what = problem === undefined ? told.join("; ") : output.text(codes[problem]);
  return output.text(words.news, { server, what });
}
