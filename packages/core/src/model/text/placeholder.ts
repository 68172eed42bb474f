import { isTakenBack } from "../identity/shown.ts";
import type { Label } from "../kinds/kind.ts";
import { kindEntry } from "../kinds/table.ts";
import type { Message } from "../message.ts";

/** The languages in which Keepsake speaks to people. */
export type Language = keyof Label;

const takenBack: Label = { en: "Message recalled", zh: "消息已撤回" };
const unheard: Label = { en: "Message of an unknown kind", zh: "未知类型的消息" };

/**
 * A message as one line of text, for lists and for formats that hold text alone: its words, or its kind in square
 * brackets with the most telling of its texts. Never empty, whatever the kind.
 */
export function placeholder(message: Message, language: Language): string {
  if (isTakenBack(message)) return `[${takenBack[language]}]`;
  const words = message.body?.text ?? "";
  if ((message.kind === "text" || message.kind === "system") && words !== "") return words;
  const label = (kindEntry(message.kind)?.label ?? unheard)[language];
  const detail = words === "" ? tellingText(message) : words;
  return detail === undefined ? `[${label}]` : `[${label}] ${detail}`;
}

function tellingText(message: Message): string | undefined {
  const texts = message.payload === undefined ? [] : (kindEntry(message.kind)?.texts(message.payload) ?? []);
  const files = (message.attachments ?? []).map((attachment) => attachment.caption ?? attachment.fileName);
  return [...texts, ...files].find((text) => text !== undefined && text !== "");
}
