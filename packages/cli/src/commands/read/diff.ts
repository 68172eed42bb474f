import { diff, historyAt } from "@keepsake/core/history";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import { wholeNumber } from "../../input.ts";
import * as words from "../../ui/messages/read.ts";
import { countText } from "../../ui/values.ts";
import { chatViews, titleOf } from "../titles.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const [from, to] = input.args;
  const { history } = await openHistory(context);
  const before = await historyAt(history, wholeNumber(from ?? "", "before", 1));
  const after = to === undefined ? history : await historyAt(history, wholeNumber(to, "after", 1));
  const titles = new Map<string, string>();
  for (const each of [before, after])
    for await (const { id, view } of chatViews(each)) titles.set(id, titleOf(view, id));
  const differences = diff(before, after);
  const rows = differences.map((difference) => {
    const { chat, change, messages, attachments } = difference;
    const title = titles.get(chat) ?? chat;
    output.event("difference", { ...difference, title });
    const step = ([a, b]: readonly [number, number]): string =>
      a === b ? countText(b) : `${countText(a)} → ${countText(b)}`;
    return [title, output.text(words.changes[change]), step(messages), step(attachments)];
  });
  const { chat, change, messages, files } = words.columns;
  output.table(
    [
      { title: output.text(chat), most: 32 },
      { title: output.text(change) },
      { title: output.text(messages), align: "right" },
      { title: output.text(files), align: "right" },
    ],
    rows,
  );
  if (rows.length === 0) output.say(words.same);
  return {
    data: { before: before.snapshot.head.number, after: after.snapshot.head.number, chats: rows.length },
  };
};
