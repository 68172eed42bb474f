import { readSources, RowReader } from "@keepsake/core/history";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import * as words from "../../ui/messages/read.ts";
import { countText, instantText } from "../../ui/values.ts";
import { historyAsked } from "../out/selection.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const history = await historyAsked(context, (await openHistory(context)).history);
  const { sources, runs } = await readSources(new RowReader(history));
  const rows: string[][] = [];
  for (const { id, name, format, own = "" } of sources.values()) {
    const times = runs.filter(({ source }) => source === id).map(({ asOf }) => asOf);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    output.event("source", { source: id, name, format, own, runs: times.length, first, last });
    rows.push([name, format, own, countText(times.length), instantText(first), instantText(last)]);
  }
  const { source, format, own, runs: count, firstRun, lastRun } = words.sourceColumns;
  const text = (each: typeof source): string => output.text(each);
  output.table(
    [
      { title: text(source), most: 32 },
      { title: text(format) },
      { title: text(own), most: 40 },
      { title: text(count), align: "right" },
      { title: text(firstRun) },
      { title: text(lastRun) },
    ],
    rows,
  );
  if (rows.length === 0) output.say(words.noSources);
  return { data: { sources: rows.length, snapshot: history.snapshot.head.number } };
};
