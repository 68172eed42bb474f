import { limits, type Mention } from "../../../model/index.ts";
import { readApp } from "./app/app.ts";
import { accountOf } from "./names.ts";
import { jsonNotice, readStatus, readSystem } from "./notice/system.ts";
import { bodyOf, part, Reading, type Part, type Reader } from "./reading.ts";
import type { RowContent, RowContext, WeChatRow } from "./row.ts";
import { readCall, readCallNotice } from "./talk/call.ts";
import { friendRequest, readContact, readLocation, readMail } from "./talk/cards.ts";
import { readImage, readVideo, readVoice } from "./talk/media.ts";
import { readSticker } from "./talk/sticker.ts";
import { keyAt, at } from "./xml/look.ts";

const appType = 49;
const noticeType = 10000;

/** The base types, which all platforms share. */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, ({ text }) => part("text", {}, bodyOf(text === "" ? undefined : text))],
  [3, readImage],
  [34, readVoice],
  [35, readMail],
  [37, friendRequest("wechat:friend_request")],
  [40, friendRequest("wechat:possible_friend")],
  [42, readContact],
  [43, readVideo],
  [47, readSticker],
  [48, readLocation],
  [appType, readApp],
  [50, readCall],
  [51, readStatus],
  [52, readCallNotice],
  [53, readCall],
  [62, readVideo],
  [64, jsonNotice({ action: "wechat:group_call", meaning: "call" })],
  [66, readContact],
  [9999, jsonNotice({ action: "wechat:notice", meaning: "notice" })],
  [noticeType, readSystem],
  [10002, readSystem],
]);

/**
 * What a row of a chat says, in the words of the model. Never throws, whatever the row holds: what is not understood
 * is of kind `unknown` with the row's text as raw, and what is understood keeps its XML beside it.
 */
export function readContent(row: WeChatRow, context: RowContext): RowContent {
  const { sender, text } = senderOf(row, context);
  const reading = new Reading({ type: row.type, text, context, depth: 0, read: readRow });
  const found = readRow(reading) ?? part("unknown", { sourceType: String(row.type) });
  const mentions = mentionsOf(row.source, reading);
  const isSaid = found.kind !== "system" && found.kind !== "deleted";
  const isVerbatim = found.kind !== "unknown" && (found.body?.text ?? "") === (isSaid ? text : row.text);
  return {
    ...(isSaid && authorOf(row, sender)),
    ...found,
    ...(mentions.length > 0 && { mentions }),
    ...(!isVerbatim && { raw: { mediaType: mediaTypeOf(text), text: row.text } }),
    files: reading.files,
    findings: reading.findings,
  };
}

/** Reads a row or what is quoted of one; undefined where it is not understood. */
export function readRow(reading: Reading): Part | undefined {
  return readers.get(baseType(reading.type))?.(reading);
}

/** The base type of numbers that carry a sub-type above it: in 64 bits above 32, in 32 bits above 16. */
export function baseType(type: number): number {
  if (!Number.isSafeInteger(type) || readers.has(type)) return type;
  const low = type < 0 ? type : type % 0x1_0000_0000;
  if (readers.has(low)) return low;
  return (low & 0xffff) === appType ? appType : type;
}

interface Sender {
  readonly sender: string | undefined;
  readonly text: string;
}

const senderLine = /^([^\s:<>]{1,128}):\n/;

/** Rows that came in through a group begin with a line that names the sender; notices, if at all, with the group's. */
function senderOf({ type, text, isOwn }: WeChatRow, { isGroup, own, chat }: RowContext): Sender {
  if (isOwn) return { sender: own, text };
  if (!isGroup) return { sender: chat, text };
  const found = senderLine.exec(text);
  const isNoticeLine = baseType(type) === noticeType && found?.[1] !== chat;
  if (found === null || isNoticeLine) return { sender: undefined, text };
  return { sender: found[1]!, text: text.slice(found[0].length) };
}

export function authorOf(
  { isOwn }: Pick<WeChatRow, "isOwn">,
  sender: string | undefined,
): Pick<RowContent, "author" | "direction"> {
  if (sender !== undefined && sender !== "") return { author: accountOf(sender) };
  return isOwn ? {} : { direction: "in" };
}

const everybody: ReadonlySet<string> = new Set(["notify@all", "announcement@all"]);

/** Whom a message names, as its source lists them. */
export function mentionsOf(source: string | undefined, reading: Reading): Mention[] {
  if (source === undefined || !source.includes("atuserlist")) return [];
  const list = keyAt(at(reading.xml(source), "msgsource"), "atuserlist") ?? "";
  const users = new Set(list.split(/[,;]/).map((user) => user.trim()));
  users.delete("");
  return [...users]
    .slice(0, limits.listLength)
    .map((user) => (everybody.has(user) ? { all: true } : { account: accountOf(user) }));
}

function mediaTypeOf(text: string): string {
  const start = text.trimStart();
  if (start.startsWith("<") || start.startsWith("&lt;")) return "text/xml";
  return start.startsWith("{") ? "application/json" : "text/plain";
}
