import type { Choice, History, Proof } from "@keepsake/core/history";
import type { Aside } from "@keepsake/core/model";
import type { Output } from "../../ui/output.ts";
import * as words from "../../ui/messages/choose.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { chatViews, titleOf } from "../titles.ts";

/** So many of a list are named. */
const NAMED = 3;

/** What a choice leaves out, in words. */
export function choiceText(
  output: Output,
  choice: Omit<Choice, "id">,
  titles: ReadonlyMap<string, string> = new Map(),
): string {
  const { what, chats, chatKinds, kinds, from, until, overBytes } = choice;
  const list = (name: "chats" | "chatKinds" | "kinds", items: readonly string[] | undefined): string[] =>
    items === undefined ? [] : [output.text(words.parts[name], { list: listText(items) })];
  const day = (name: "from" | "until", time: number | undefined): string[] =>
    time === undefined ? [] : [output.text(words.parts[name], { day: dayText(time) })];
  return [
    output.text(words.parts[what]),
    ...list(
      "chats",
      chats?.map((chat) => titles.get(chat) ?? chat),
    ),
    ...list("chatKinds", chatKinds),
    ...list("kinds", kinds),
    ...day("from", from),
    ...day("until", until),
    ...(overBytes === undefined ? [] : [output.text(words.parts.over, { size: sizeText(overBytes) })]),
  ].join(output.language === "zh" ? "，" : ", ");
}

function listText(items: readonly string[]): string {
  const named = items.slice(0, NAMED).join(", ");
  return items.length > NAMED ? `${named}, … (${countText(items.length)})` : named;
}

/** What the proof says of what was left out. */
export function printLeftOut(output: Output, leftOut: Proof["leftOut"]): void {
  for (const line of leftOut) {
    output.event("leftOut", { ...line });
    const { id, messages, files, bytes } = line;
    const counts = { messages: countText(messages), files: countText(files), size: sizeText(bytes) };
    output.say(words.leftOut, { id, what: choiceText(output, line), ...counts });
  }
}

/** What a source holds that is no history. */
export function printAsides(output: Output, asides: readonly Aside[]): void {
  for (const { what, files, bytes } of asides) {
    output.event("aside", { what, files, bytes });
    const values = { what: output.text(words.asides[what]), files: countText(files), size: sizeText(bytes) };
    output.say(words.aside, values);
  }
}

/** Titles of the vault's chats, by id. */
export async function titlesOf(history: History): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for await (const { id, view } of chatViews(history)) titles.set(id, titleOf(view, id));
  return titles;
}
