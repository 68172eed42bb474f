const YEAR_MS = 365 * 86_400_000;

interface Span {
  readonly attachmentBytes: number;
  readonly messages: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** About what a message takes beside files; what matters here is only that chats without files count too. */
const MESSAGE_BYTES = 35;

/**
 * Which part of all that is there the last year before the newest message added: each chat's files spread evenly over
 * its time. Rough, and without reading a message.
 */
export function shareOfYear(chats: readonly Span[]): number {
  const newest = Math.max(0, ...chats.map(({ last }) => last ?? 0));
  const since = newest - YEAR_MS;
  let [all, added] = [0, 0];
  for (const { attachmentBytes, messages, first, last } of chats) {
    if (first === null || last === null) continue;
    const bytes = attachmentBytes + messages * MESSAGE_BYTES;
    const span = last - first;
    const inYear = Math.max(0, last - Math.max(first, since));
    all += bytes;
    added += span > 0 ? (bytes * inYear) / span : last >= since ? bytes : 0;
  }
  return all === 0 ? 0 : added / all;
}
