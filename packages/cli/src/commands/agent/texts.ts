import type { Hold } from "../../agent/holds.ts";
import type { LogEntry } from "../../agent/kept/log.ts";
import type { Output } from "../../ui/output.ts";
import * as words from "../../ui/messages/agent.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";

/** What came of a round, in a few words; a code where something went wrong. */
export function resultText(output: Output, entry: LogEntry): string {
  const { code, work, isShrunk, isUnchanged, added, messages, bytes = 0 } = entry;
  const { results } = words;
  if (code === "base.aborted") return output.text(results.stopped);
  if (isShrunk === true) return output.text(results.shrunk);
  if (code !== "done") return code;
  if (work === "remind") return output.text(results.reminded);
  if (work === "news") return output.text(results.told);
  if (isUnchanged === true) return output.text(results.unchanged);
  if (work !== "backup") return output.text(results.read, { size: sizeText(bytes) });
  if (messages === undefined || added === undefined) return output.text(results.done);
  return output.text(results.added, { added: countText(added), messages: countText(messages) });
}

/** Why nothing is begun, and until when. */
export function holdText(output: Output, { reason, until }: Hold): string {
  const time = until === undefined ? "" : instantText(until);
  if (reason === "paused" && until !== undefined) return output.text(words.heldUntil, { time });
  return output.text(words.holds[reason], { time });
}
