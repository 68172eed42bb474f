import { listSnapshots } from "@keepsake/core/history";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import * as words from "../../ui/messages/read.ts";
import { countText, instantText } from "../../ui/values.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const limit = input.number("limit", 1) ?? Infinity;
  const { history } = await openHistory(context);
  const rows: string[][] = [];
  for await (const { head, isForgotten } of listSnapshots(history)) {
    if (rows.length >= limit) break;
    const { number, time, verb, counts, writer, hash, parents } = head;
    output.event("snapshot", { number, time, verb, counts, writer, hash, parents, isForgotten });
    const by = words.verbs[verb];
    rows.push([
      String(number),
      instantText(time),
      by === undefined ? verb : output.text(by),
      countText(counts.chats),
      countText(counts.messages),
      countText(counts.attachments),
      isForgotten ? output.text(words.forgotten) : "",
    ]);
  }
  const { number, time, what, chats, messages, files, state } = words.columns;
  const text = (each: typeof number): string => output.text(each);
  output.table(
    [
      { title: text(number), align: "right" },
      { title: text(time) },
      { title: text(what) },
      { title: text(chats), align: "right" },
      { title: text(messages), align: "right" },
      { title: text(files), align: "right" },
      { title: text(state) },
    ],
    rows,
  );
  return { data: { snapshots: rows.length } };
};
