import { readLog } from "../../agent/kept/log.ts";
import type { Run } from "../../context.ts";
import * as words from "../../ui/messages/agent.ts";
import { countText, instantText, sizeText, spanText } from "../../ui/values.ts";
import { resultText } from "./texts.ts";

const SHOWN = 50;

export const run: Run = async ({ input, env, output }) => {
  const entries = await readLog(env, input.number("limit", 1) ?? SHOWN);
  const count = (number: number | undefined): string => (number === undefined ? "" : countText(number));
  const rows = entries.map((entry) => {
    output.event("round", { ...entry });
    const { beganAt, endedAt, work, source = "", messages, added, files, bytes } = entry;
    const counts = [count(messages), count(added), count(files), bytes === undefined ? "" : sizeText(bytes)];
    const times = [instantText(beganAt), spanText(endedAt - beganAt)];
    return [...times, output.text(words.works[work]), source, ...counts, resultText(output, entry)];
  });
  const { began, took, work, source, messages, added, files, bytes, result } = words.logColumns;
  const right = (each: typeof began): { title: string; align: "right" } => ({
    title: output.text(each),
    align: "right",
  });
  output.table(
    [
      { title: output.text(began) },
      right(took),
      { title: output.text(work) },
      { title: output.text(source) },
      ...[messages, added, files, bytes].map(right),
      { title: output.text(result) },
    ],
    rows,
  );
  if (entries.length === 0) output.say(words.noLog);
  return { data: { rounds: entries.length } };
};
