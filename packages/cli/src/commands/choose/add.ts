import type { Choice } from "@keepsake/core/history";
import type { Context, Run } from "../../context.ts";
import { openToWrite } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/choose.ts";
import { messageKinds } from "../out/selection.ts";
import { chatsNamed } from "../titles.ts";
import { changeChoices } from "./change.ts";
import { choiceText, titlesOf } from "./words.ts";

const chatKinds = ["direct", "group", "channel", "broadcast", "bot", "self", "thread", "service"] as const;

export const run: Run = async (context) => {
  const { output, input } = context;
  const opened = await openToWrite(context);
  const choice = await choiceFrom(context, opened.history);
  const titles = await titlesOf(opened.history);
  const text = choiceText(output, choice, titles);
  if (input.flag("dryRun")) {
    output.line(text);
    return { data: { dryRun: true, choice } };
  }
  const [made] = await changeChoices(context, opened, { add: [choice] });
  output.say(words.chosen, { id: made!.id, what: text });
  return { data: { choice: made } };
};

async function choiceFrom(
  { input }: Context,
  history: Parameters<typeof chatsNamed>[0],
): Promise<Omit<Choice, "id">> {
  const named = await chatsNamed(history, input.list("chat"));
  const overBytes = input.bytes("filesOver");
  const parts = {
    chats: named?.map(({ id }) => id),
    chatKinds: input.someOf("chatKind", chatKinds),
    kinds: input.someOf("kind", messageKinds),
    from: input.time("from"),
    until: input.time("until"),
    overBytes,
  };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw usageError("--chat", "missing");
  const isOfFiles = input.flag("filesOnly") || overBytes !== undefined;
  return { what: isOfFiles ? "files" : "messages", ...Object.fromEntries(given) };
}
