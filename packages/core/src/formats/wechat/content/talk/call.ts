import type { CallResult } from "../../../../model/index.ts";
import { bodyOf, given, part, type Part, type Reading } from "../reading.ts";
import { at, countAt, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";

/** Words in the bubble of a call, the more telling first. */
const results: readonly (readonly [words: RegExp, result: CallResult])[] = [
  [/拒绝|拒絕|declined|rejected/i, "declined"],
  [/取消|cancel/i, "cancelled"],
  [/忙|busy/i, "busy"],
  [/无应答|無應答|未接|未应答|no answer|missed|not answered/i, "missed"],
  [/中断|中斷|失败|失敗|interrupted|failed/i, "failed"],
  [/时长|時長|接听|接聽|duration|answered/i, "answered"],
];
/** What the app for computers writes in place of words. */
const resultOfCode: ReadonlyMap<string, CallResult> = new Map([
  ["5", "cancelled"],
  ["8", "declined"],
  ["11", "answered"],
]);
const mediaOf: ReadonlyMap<string, "voice" | "video"> = new Map([
  ["0", "video"],
  ["1", "voice"],
]);

/** A call in either of the two forms that WeChat has written. */
export function readCall(reading: Reading): Part | undefined {
  const root = reading.xml(reading.text);
  const bubble = at(root, "voipmsg", "VoIPBubbleMsg");
  if (bubble !== undefined) return readBubble(bubble);
  const invitation = at(root, "voipinvitemsg") ?? at(root, "msg", "voipinvitemsg");
  if (invitation !== undefined) return readInvitation(root, invitation);
  const result = resultOfCode.get(reading.text.trim());
  return result === undefined ? undefined : part("call", { result });
}

function readBubble(bubble: XmlElement): Part {
  const words = textAt(bubble, "msg");
  const durationMs = milliseconds(countAt(bubble, "duration")) ?? spokenMs(words ?? "");
  const result = durationMs === undefined ? resultOf(words ?? "") : "answered";
  const media = mediaOf.get(keyAt(bubble, "room_type") ?? "");
  return part("call", given({ media, result, durationMs }), bodyOf(words));
}

function readInvitation(root: XmlElement | undefined, invitation: XmlElement): Part {
  const local = at(root, "voiplocalinfo") ?? at(root, "msg", "voiplocalinfo");
  const durationMs = milliseconds(countAt(local, "duration"));
  return part(
    "call",
    given({
      media: mediaOf.get(keyAt(invitation, "invitetype") ?? ""),
      result: durationMs === undefined ? undefined : "answered",
      durationMs,
    }),
  );
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined || !Number.isSafeInteger(seconds * 1000) ? undefined : seconds * 1000;
}

function resultOf(words: string): CallResult | undefined {
  return results.find(([pattern]) => pattern.test(words))?.[1];
}

/** The length of a call as its bubble shows it, `01:02:03` or `00:35`. */
function spokenMs(words: string): number | undefined {
  const [, hours = "0", minutes, seconds] = /(?:(\d{1,3}):)?(\d{1,2}):(\d{2})/.exec(words) ?? [];
  if (minutes === undefined) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** Notice that a call goes on, on another device or in a group, in JSON or as an element. */
export function readCallNotice(): Part {
  return part("system", { action: "wechat:call_notify", meaning: "call" }, { isNoise: true });
}
