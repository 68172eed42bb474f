import { textToBytes } from "../../../base/index.ts";
import { part, Reading, type Part } from "./reading.ts";
import { authorOf, baseType, mentionsOf, readContent, readRow } from "./read.ts";
import type { RowContent, RowContext, WeChatRow } from "./row.ts";

/** A row whose text is packed so that only WeChat can unpack it. */
export interface PackedRow extends Omit<WeChatRow, "text"> {
  /** As it lies there, in base64. */
  readonly base64: string;
  /** How many bytes of UTF-8 its text has, where that is said. */
  readonly sizeBytes: number | undefined;
  /** The words that WeChat's own search index holds of it; empty for none. */
  readonly indexed: string;
}

const textType = 1;
/** What has a place of its own for its file, which is found without the text. */
const withFile: ReadonlySet<number> = new Set([3, 34, 43, 62]);
/** What the app says, not a person. */
const notices: ReadonlySet<number> = new Set([51, 52, 64, 9999, 10000, 10002]);

/**
 * What is known of a packed row without its text: its kind, its file where that has a place of its own, and the words
 * of the search index. Words as long as the text are the text. All else says less than a row that can be read
 * (`fidelity`), so that a fuller version of the message goes before it; the packed bytes stay beside it.
 */
export function readPacked(row: PackedRow, context: RowContext): RowContent {
  const { isOwn, source, indexed } = row;
  const type = baseType(row.type);
  if (type === textType && textToBytes(indexed).length === row.sizeBytes)
    return readContent({ type, isOwn, text: indexed, ...(source !== undefined && { source }) }, context);
  const reading = new Reading({ type, text: "", context, depth: 0, read: readRow });
  const found = knownOf(row, type, reading);
  const mentions = mentionsOf(source, reading);
  const isPlaceholder = found.kind === "unknown" && found.body === undefined;
  return {
    ...(!notices.has(type) && authorOf(row, senderOf(row, found, context))),
    ...found,
    ...(mentions.length > 0 && { mentions }),
    raw: { mediaType: "application/zstd", base64: row.base64 },
    fidelity: "text",
    files: reading.files,
    findings: [{ code: isPlaceholder ? "wechat.packed" : "wechat.packed-in-part", severity: "warning" }],
  };
}

function knownOf({ type: told, indexed }: PackedRow, type: number, reading: Reading): Part {
  const body = indexed === "" ? {} : { body: { text: indexed } };
  if (type === textType && indexed !== "") return part("text", {}, body);
  if (withFile.has(type)) return readRow(reading)!;
  reading.add({ about: { kind: "file" }, place: "file", otherwise: "missing", isOptional: true });
  return part("unknown", { sourceType: String(told) }, body);
}

/** In groups the line that names the sender is packed with the text; and what is not known may be of nobody. */
function senderOf(
  { isOwn }: PackedRow,
  { kind }: Part,
  { own, chat, isGroup }: RowContext,
): string | undefined {
  if (isOwn) return own;
  return isGroup || kind === "unknown" ? undefined : chat;
}
