import type { StoredAttachment } from "../rows/attachments.ts";
import { isMessageRow, type Placed } from "../rows/row.ts";
import { addSummaries, emptySummary, type Summary } from "../state/manifest.ts";

/** What rows and attachments add to a collection's summary. */
export function summarize(rows: readonly Placed[], attachments: readonly StoredAttachment[]): Summary {
  let summary: Summary = {
    ...emptySummary,
    attachments: attachments.length,
    attachmentBytes: attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  for (const row of rows) {
    if (!isMessageRow(row)) continue;
    const { sent, precision } = row.message.time;
    const time = precision === "none" ? null : sent;
    summary = addSummaries(summary, { ...emptySummary, messages: 1, first: time, last: time });
  }
  return summary;
}
