import { loadHistory, prove } from "@keepsake/core/history";
import type { Run } from "../../context.ts";
import { open } from "../../device/open.ts";
import * as words from "../../ui/messages/choose.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { choiceText, titlesOf } from "./words.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const { vault, snapshot } = await open(context);
  const titles = await titlesOf(await loadHistory(vault, snapshot));
  const { leftOut } = await prove(vault, { written: new Set() });
  const rows = leftOut.map((line) => {
    output.event("choice", { ...line });
    const counts = [countText(line.messages), countText(line.files), sizeText(line.bytes)];
    return [line.id, choiceText(output, line, titles), ...counts];
  });
  const { id, what, messages, files, size } = words.columns;
  const text = (each: typeof id): string => output.text(each);
  output.table(
    [
      { title: text(id) },
      { title: text(what), most: 60 },
      { title: text(messages), align: "right" },
      { title: text(files), align: "right" },
      { title: text(size), align: "right" },
    ],
    rows,
  );
  if (rows.length === 0) output.say(words.none);
  return { data: { choices: rows.length } };
};
