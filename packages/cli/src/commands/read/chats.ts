import { summaryOf } from "@keepsake/core/history";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import * as words from "../../ui/messages/read.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { historyAsked } from "../out/selection.ts";
import { chatViews, titleOf } from "../titles.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const history = await historyAsked(context, (await openHistory(context)).history);
  const rows: string[][] = [];
  for await (const { collection, id, view } of chatViews(history)) {
    const summary = summaryOf(history, collection);
    const { messages, attachments, attachmentBytes, first, last } = summary;
    const title = titleOf(view, id);
    const kind = view?.chat.kind ?? "unknown";
    output.event("chat", { chat: id, collection, title, kind, platform: view?.chat.platform, ...summary });
    const counts = [countText(messages), countText(attachments), sizeText(attachmentBytes)];
    rows.push([title, ...counts, dayText(first), dayText(last), id]);
  }
  const { chat, messages, files, size, first, last, id } = words.columns;
  const text = (each: typeof chat): string => output.text(each);
  output.table(
    [
      { title: text(chat), most: 32 },
      { title: text(messages), align: "right" },
      { title: text(files), align: "right" },
      { title: text(size), align: "right" },
      { title: text(first) },
      { title: text(last) },
      { title: text(id), most: 60 },
    ],
    rows,
  );
  if (rows.length === 0) output.say(words.noChats);
  return { data: { chats: rows.length, snapshot: history.snapshot.head.number } };
};
