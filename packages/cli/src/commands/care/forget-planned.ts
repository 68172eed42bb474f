import { forgetMessages, winRace, type ForgetMessagesPlan } from "@keepsake/core/care";
import type { History } from "@keepsake/core/history";
import type { Context } from "../../context.ts";
import { noteSeen, type Writable } from "../../device/open.ts";
import * as words from "../../ui/messages/care.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";
import { titleFor } from "../titles.ts";

/** What would be forgotten, in numbers. */
type Forgetting = Readonly<Record<"chats" | "messages" | "attachments" | "attachmentBytes", number>>;

/** Shows what a rule would take out of every version: chat by chat, then in all. */
export async function printForgetting(
  { output }: Context,
  history: History,
  { chats, attachments, attachmentBytes, rule }: ForgetMessagesPlan,
): Promise<Forgetting> {
  for (const { collection: _, ...each } of chats) {
    const title = await titleFor(history, each.chat);
    output.event("forget", { title, ...each });
    const values = {
      chat: title,
      messages: countText(each.messages),
      first: dayText(each.first),
      last: dayText(each.last),
      files: countText(each.attachments),
      size: sizeText(each.attachmentBytes),
    };
    output.line(output.text(words.planMessages, values));
  }
  const messages = chats.reduce((sum, each) => sum + each.messages, 0);
  output.say(words.planKinds, {
    messages: countText(messages),
    chats: countText(chats.length),
    files: countText(attachments),
    size: sizeText(attachmentBytes),
    until: dayText(rule.until),
  });
  return { chats: chats.length, messages, attachments, attachmentBytes };
}

/** Forgets what was shown, once the person agrees. Throws `cli.not-confirmed`. */
export async function forgetPlanned(
  context: Context,
  { vault, profile, place }: Writable,
  { chats, rule }: ForgetMessagesPlan,
): Promise<{ readonly snapshot: number }> {
  const messages = chats.reduce((sum, each) => sum + each.messages, 0);
  await requireConsent(context, words.reallyMessages, { messages: countText(messages) });
  const { snapshot } = await winRace(vault, async (newest) => {
    return { snapshot: await forgetMessages(newest, rule), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  return { snapshot: snapshot.head.number };
}
