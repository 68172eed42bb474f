import { canonicalText } from "../canonical/canonical.ts";
import type { Message } from "../message.ts";

/** The native ids as keys that compare as text. */
export function nativeKeys(message: Message): string[] {
  return (message.nativeIds ?? []).map((id) => JSON.stringify([id.scheme, id.value]));
}

/**
 * What two records without native ids must agree on to be the same message, beside time and ordinal: chat, author,
 * kind, text, payload and the names of the files. Not the state of an attachment: an export made without media is
 * still the same messages.
 */
export function matchText(message: Message): string {
  return canonicalText({
    chat: message.chat,
    author: message.author ?? { name: message.authorName, direction: message.direction },
    kind: message.kind,
    text: message.body?.text,
    payload: message.payload,
    raw: message.kind === "unknown" ? message.raw : undefined,
    files: fileNames(message),
  });
}

function fileNames(message: Message): string[] | undefined {
  const names: string[] = [];
  for (const attachment of message.attachments ?? []) {
    if (attachment.role === undefined || attachment.role === "main") names.push(attachment.fileName ?? "");
  }
  return names.length === 0 ? undefined : names;
}
