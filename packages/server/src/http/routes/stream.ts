import type { ServerResponse } from "node:http";
import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { markHeard } from "../../members/events.ts";
import { Feed } from "../../members/feed.ts";
import { isOpen } from "../../members/sessions.ts";
import { addRoute, type Site } from "../route.ts";
import { shape } from "../wire.ts";
import type { ServerState } from "./public.ts";

/** Keeps proxies from thinking that nobody speaks any more. */
const BEAT_MS = 25_000;
const MOST_STREAMS = 10;
/** Events after which a session may be gone. */
const ending = new Set(["logged-out", "password-changed"]);

/** What happens, as it happens: server-sent events, each one an event of the member's log. */
export function addStreamRoute(site: Site, state: ServerState): void {
  const { server } = site;
  const feed = new Feed(server, state.stopping);
  const counts = new Map<string, number>();
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/events/stream",
      summary: "What happens from now on, or after an event, as server-sent events",
      admit: "session",
      query: shape({ after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) }),
    },
    async ({ session, query, reply }) => {
      const count = counts.get(session.member) ?? 0;
      if (count >= MOST_STREAMS)
        throw new KeepsakeError("request.too-many", { details: { waitMs: BEAT_MS } });
      const { events } = await server.db.query
        .selectFrom("member")
        .select("events")
        .where("id", "=", session.member)
        .executeTakeFirstOrThrow();
      reply.hijack();
      const { raw } = reply;
      begin(raw);
      counts.set(session.member, count + 1);
      const after = query.after === undefined ? events : Number(query.after);
      const unlisten = feed.listen(session.member, after, (told) => {
        for (const event of told)
          raw.write(`id: ${event.number}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
        void markHeard(server, session.id, told.at(-1)?.number ?? 0).catch(() => undefined);
        if (told.some(({ kind }) => ending.has(kind)))
          void isOpen(server, session.id).then(
            (isStill) => isStill || raw.end(),
            () => raw.end(),
          );
      });
      const beat = setInterval(() => raw.write(":\n\n"), BEAT_MS);
      const end = (): void => void raw.end();
      state.stopping.addEventListener("abort", end, { once: true });
      raw.once("close", () => {
        clearInterval(beat);
        unlisten();
        state.stopping.removeEventListener("abort", end);
        const left = counts.get(session.member)! - 1;
        if (left === 0) counts.delete(session.member);
        else counts.set(session.member, left);
      });
      return reply;
    },
  );
}

function begin(raw: ServerResponse): void {
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
  raw.write(":\n\n");
}
