import { kindEntry } from "../kinds/table.ts";
import type { BundleItem, ForwardBundlePayload } from "../kinds/talk/forward-bundle.ts";
import { limits } from "../limits.ts";
import type { Message, MessageContent } from "../message.ts";
import type { Attachment } from "../parts/attachment.ts";

/** Where a searched text stands in its message. */
export type SearchField = "body" | "title" | "item" | "caption" | "fileName" | "transcript";

export interface SearchText {
  readonly field: SearchField;
  readonly text: string;
}

/**
 * The texts by which a message is found: body, titles and texts of its payload, the items of a forwarded bundle,
 * captions, file names and transcripts. Not what a reply quotes (the quoted message is found itself), not earlier
 * revisions, not residue and raw. Empty texts are left out; the order is the reading order.
 */
export function searchTexts(message: Message): SearchText[] {
  const found: SearchText[] = [];
  addContent(found, message, "body");
  if (message.kind === "forwardBundle") addItems(found, message.payload, 1);
  for (const attachment of message.attachments ?? []) addAttachment(found, attachment);
  return found;
}

function addContent(found: SearchText[], content: MessageContent, field: "body" | "item"): void {
  add(found, field, content.body?.text);
  if (content.payload === undefined) return;
  const texts = kindEntry(content.kind)?.texts(content.payload) ?? [];
  for (const text of texts) add(found, field === "body" ? "title" : "item", text);
}

function addItems(found: SearchText[], payload: object | undefined, depth: number): void {
  if (payload === undefined || depth > limits.bundleDepth) return;
  for (const item of (payload as ForwardBundlePayload).items) {
    addContent(found, item satisfies BundleItem, "item");
    if (item.kind === "forwardBundle") addItems(found, item.payload, depth + 1);
  }
}

function addAttachment(found: SearchText[], attachment: Attachment): void {
  if (attachment.role === "old" || attachment.role === "quoted") return;
  add(found, "caption", attachment.caption);
  add(found, "fileName", attachment.fileName);
  add(found, "transcript", attachment.transcript);
}

function add(found: SearchText[], field: SearchField, text: string | undefined): void {
  if (text !== undefined && text !== "") found.push({ field, text });
}
