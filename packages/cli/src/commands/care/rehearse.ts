import { rehearse } from "@keepsake/core/care";
import type { Run } from "../../context.ts";
import { openHistory } from "../../device/open.ts";
import * as words from "../../ui/messages/care.ts";
import { countText, sizeText } from "../../ui/values.ts";
import { chatNamed } from "../titles.ts";

export const run: Run = async (context) => {
  const { input, output, signal } = context;
  const messages = input.number("messages", 1);
  const { history } = await openHistory(context);
  const result = await rehearse(history, { messages, signal, report: output.report });
  output.say(words.rehearsed, {
    chats: countText(result.chats),
    messages: countText(result.messages),
    files: countText(result.attachments),
    size: sizeText(result.attachmentBytes),
  });
  const data = { snapshot: history.snapshot.head.number, ...result };
  if (result.failedChats.length === 0) {
    output.say(words.rehearsedWell);
    return { data };
  }
  for (const chat of result.failedChats) {
    output.event("failed", { chat });
    output.line(output.text(words.failedChat, { chat: (await chatNamed(history, chat)).title }));
  }
  return { code: "vault.corrupt", data };
};
