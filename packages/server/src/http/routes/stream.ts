import type { ServerResponse } from "node:http";
import Type from "typebox";
import { markHeard, type MemberEvent } from "../../members/events.ts";
import { Feed } from "../../members/feed.ts";
import { isOpen, type Session } from "../../members/sessions.ts";
import { AtOnce } from "../limits.ts";
import { addRoute, type Site } from "../route.ts";
import { shape } from "../wire.ts";
import type { ServerState } from "./public.ts";

/** Keeps proxies from thinking that nobody speaks any more. */
const BEAT_MS = 25_000;
/** Streams of one member at once. */
const MOST_STREAMS = 10;
/** Who lets this much lie until there is more to tell is not listening. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** How long a stream that ended may take to send what is left. */
const LAST_MS = 5_000;
/** Events after which a session may be gone. */
const ending = new Set<string>(["logged-out", "password-changed", "reset-begun", "reset-cancelled"]);

/** What happens, as it happens: server-sent events, each one an event of the member's log. */
export function addStreamRoute(site: Site, state: ServerState): void {
  const { server } = site;
  const feed = new Feed(server, state.stopping);
  const streams = new AtOnce(MOST_STREAMS);
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/events/stream",
      summary: "What happens from now on, or after an event, as server-sent events",
      admit: "session",
      query: shape({ after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) }),
    },
    ({ session, query, reply }) =>
      streams.run(session.member, async () => {
        const { events } = await server.db.query
          .selectFrom("member")
          .select("events")
          .where("id", "=", session.member)
          .executeTakeFirstOrThrow();
        reply.hijack();
        const after = query.after === undefined ? events : Number(query.after);
        await new Stream(site, session, reply.raw).tell(feed, after, state.stopping);
        return reply;
      }),
  );
}

/** The answer to one who listens. Nothing is written to it once it has ended. */
class Stream {
  readonly #site: Site;
  readonly #session: Session;
  readonly #raw: ServerResponse;
  #isOver = false;

  constructor(site: Site, session: Session, raw: ServerResponse) {
    this.#site = site;
    this.#session = session;
    this.#raw = raw;
  }

  /** Tells what happens until the client goes, the session ends, or the server stops. */
  async tell(feed: Feed, after: number, stopping: AbortSignal): Promise<void> {
    const raw = this.#raw;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    raw.once("close", end).on("error", () => end());
    stopping.addEventListener("abort", () => end(), { once: true });
    if (raw.destroyed || stopping.aborted) end();
    raw.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Else a client that stopped to listen may keep the connection, and a server that stops waits for it.
      connection: "close",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    this.#write(":\n\n");
    const beat = setInterval(() => void this.#beat(end), BEAT_MS);
    const unlisten = feed.listen(this.#session.member, after, (events) => void this.#pass(events, end));
    await over;
    this.#isOver = true;
    clearInterval(beat);
    unlisten();
    raw.end();
    const last = setTimeout(() => raw.destroy(), LAST_MS);
    raw.once("close", () => clearTimeout(last));
  }

  /** Not every end of a session is an event: that of a membership takes the log along. */
  async #beat(end: () => void): Promise<void> {
    this.#write(":\n\n");
    // Whether it may listen on may not be known: it is asked again at the next beat.
    if (!(await isOpen(this.#site.server, this.#session.id).catch(() => true))) end();
  }

  async #pass(events: readonly MemberEvent[], end: () => void): Promise<void> {
    const { server } = this.#site;
    if (this.#raw.writableLength > MOST_UNREAD_BYTES) this.#raw.destroy();
    for (const event of events)
      this.#write(`id: ${event.number}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    try {
      await markHeard(server, this.#session.id, events.at(-1)?.number ?? 0);
      if (events.some(({ kind }) => ending.has(kind)) && !(await isOpen(server, this.#session.id))) end();
    } catch {
      // Whether it may listen on is not known: the client comes again and asks.
      end();
    }
  }

  #write(text: string): void {
    if (this.#isOver) return;
    this.#raw.write(text);
  }
}
