import type { Message } from "../message.ts";
import { matchText } from "./match.ts";

/** How many different times are remembered; enough for a source whose clock went back by an hour of minutes. */
const rememberedTimes = 64;

/**
 * Numbers the messages without native id that agree in chat, time and what `matchText` says, in the order in which
 * they come: the first stays as it is, the next get `ordinal` 1, 2 and so on. One function per source, called once
 * per message, in the source's order; its memory is bounded.
 */
export function ordinals(): (message: Message) => Message {
  const counts = new Map<string, Map<string, number>>();
  return (message) => {
    if (message.nativeIds !== undefined && message.nativeIds.length > 0) return message;
    const countsAtTime = recent(counts, `${message.time.sent} ${message.chat}`);
    const text = matchText(message);
    const ordinal = countsAtTime.get(text) ?? 0;
    countsAtTime.set(text, ordinal + 1);
    return ordinal === 0 ? message : { ...message, ordinal };
  };
}

function recent(counts: Map<string, Map<string, number>>, time: string): Map<string, number> {
  const there = counts.get(time);
  if (there !== undefined) return there;
  if (counts.size >= rememberedTimes) counts.delete(counts.keys().next().value!);
  const added = new Map<string, number>();
  counts.set(time, added);
  return added;
}
