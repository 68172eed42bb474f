import { readFolders, RowReader, summaryOfFolder } from "@keepsake/core/history";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import * as words from "../../ui/messages/folders.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { historyAsked } from "../out/selection.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const history = await historyAsked(context, (await openHistory(context)).history);
  const rows: string[][] = [];
  for (const { source, collection, entries } of await readFolders(new RowReader(history))) {
    const { name, format } = source;
    const summary = summaryOfFolder(entries);
    output.event("folder", { name, format, collection, ...summary });
    rows.push([name, format, countText(summary.files), sizeText(summary.bytes), dayText(summary.newest)]);
  }
  const { folder, format, files, size, newest } = words.columns;
  const text = (each: typeof folder): string => output.text(each);
  output.table(
    [
      { title: text(folder), most: 32 },
      { title: text(format) },
      { title: text(files), align: "right" },
      { title: text(size), align: "right" },
      { title: text(newest) },
    ],
    rows,
  );
  if (rows.length === 0) output.say(words.none);
  return { data: { folders: rows.length, snapshot: history.snapshot.head.number } };
};
