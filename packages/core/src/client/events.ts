import { bytesToHex, KeepsakeError, textToBytes, type Primitives } from "../base/index.ts";
import type { Routes } from "../protocol/index.ts";
import type { Connection } from "./connection.ts";

/** An entry of the log that a server keeps for a member. */
export type MemberEvent = Routes["GET /v1/events"]["answer"]["events"][number];

const PAGE = 1000;

/**
 * All that a server says happened, the oldest first. Each entry is checked against the one before: throws
 * `server.bad-log` where one was left out or changed.
 */
export async function* memberEvents(connection: Connection): AsyncGenerator<MemberEvent> {
  let [number, hash] = [0, ""];
  for (;;) {
    const query = { after: String(number), limit: String(PAGE) };
    const { events } = await connection.call("GET /v1/events", { query });
    for (const event of events) {
      if (event.number !== number + 1 || event.hash !== hashOf(connection.primitives, hash, event))
        throw new KeepsakeError("server.bad-log", { details: { number: event.number } });
      [number, hash] = [event.number, event.hash];
      yield event;
    }
    if (events.length < PAGE) return;
  }
}

function hashOf(primitives: Primitives, before: string, event: MemberEvent): string {
  const { number, atMs, kind, session, details } = event;
  const sorted = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1));
  return bytesToHex(
    primitives.sha256(textToBytes(JSON.stringify([before, number, atMs, kind, session, sorted]))),
  );
}
