import { bytesToHex, KeepsakeError, textToBytes, type Primitives } from "../base/index.ts";
import type { Routes } from "../protocol/index.ts";
import type { Connection } from "./connection.ts";

/** An entry of the log that a server keeps for a member. */
export type MemberEvent = Routes["GET /v1/events"]["answer"]["events"][number];

/** How far a device has seen the log that a server keeps for its member: the last entry. */
export interface EventAnchor {
  readonly number: number;
  readonly hash: string;
}

const PAGE = 1000;

/**
 * What a server says happened, the oldest first: with the entry that this device saw last, what came after it, or with
 * `isAll` everything. Each entry is checked against the one before: throws `server.bad-log` where one was left out or
 * changed, or where what was seen before is not there any more.
 */
export async function* memberEvents(
  connection: Connection,
  options: {
    readonly seen?: EventAnchor | undefined;
    readonly isAll?: boolean;
    readonly signal?: AbortSignal | undefined;
  } = {},
): AsyncGenerator<MemberEvent> {
  const { seen, isAll = false, signal } = options;
  // The entry that was seen is asked for again: a log that ends before it was shortened.
  let last: Place =
    seen === undefined || isAll ? { number: 0, hash: "" } : { number: seen.number - 1, hash: undefined };
  for (;;) {
    const query = { after: String(last.number), limit: String(PAGE) };
    const { events } = await connection.call("GET /v1/events", { query, signal });
    for (const event of events) {
      last = follow(connection.primitives, event, last);
      if (!isSeen(event, seen) || isAll) yield event;
    }
    if (events.length < PAGE) break;
  }
  if (seen !== undefined && last.number < seen.number) throw badLog(last.number + 1);
}

/** How far a log was followed; without a hash where the next entry is known by its own. */
interface Place {
  readonly number: number;
  readonly hash: string | undefined;
}

function isSeen({ number, hash }: MemberEvent, seen: EventAnchor | undefined): boolean {
  if (number !== seen?.number) return false;
  if (hash !== seen.hash) throw badLog(number);
  return true;
}

function follow(primitives: Primitives, event: MemberEvent, last: Place): Place {
  const { number, hash } = event;
  const follows = last.hash === undefined || hash === hashOf(primitives, last.hash, event);
  if (number !== last.number + 1 || !follows) throw badLog(number);
  return { number, hash };
}

function badLog(number: number): KeepsakeError {
  return new KeepsakeError("server.bad-log", { details: { number } });
}

function hashOf(primitives: Primitives, before: string, event: MemberEvent): string {
  const { number, atMs, kind, session, details } = event;
  const sorted = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1));
  return bytesToHex(
    primitives.sha256(textToBytes(JSON.stringify([before, number, atMs, kind, session, sorted]))),
  );
}
