import { KeepsakeError, timerSleep } from "@keepsake/core/base";
import type { Server } from "../server.ts";
import { eventsAfter, type MemberEvent } from "./events.ts";

/** One who listens to what happens to a member. */
interface Listener {
  readonly member: string;
  /** The number of the last event that was told. */
  told: number;
  /** Called in order, one call at a time. */
  readonly tell: (events: readonly MemberEvent[]) => void;
}

/** How long a device waits at most to hear what another did, beside the way of the news itself. */
const LOOK_MS = 1000;
const MOST_A_LOOK = 500;
const MOST_EVENTS = 200;

/**
 * Tells devices what happens, whichever process it happened in: while anybody listens, this one asks once a second
 * which members have new events. What the database holds is the truth; nothing is told that is not committed.
 */
export class Feed {
  readonly #server: Server;
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<Listener>();
  #isLooking = false;

  /** The feed ends with the signal. */
  constructor(server: Server, signal: AbortSignal) {
    this.#server = server;
    this.#signal = signal;
  }

  /** Listens until the function that it returns is called. */
  listen(member: string, after: number, tell: Listener["tell"]): () => void {
    const listener: Listener = { member, told: after, tell };
    this.#listeners.add(listener);
    if (!this.#isLooking) void this.#look();
    return () => void this.#listeners.delete(listener);
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#listeners.size > 0 && !this.#signal.aborted) {
      try {
        await this.#tellAll();
        await timerSleep(LOOK_MS, this.#signal);
      } catch (error) {
        // A database that is away is asked again; a feed that ends is over.
        if (!KeepsakeError.is(error, "base.aborted")) await timerSleep(LOOK_MS).catch(() => undefined);
      }
    }
    this.#isLooking = false;
  }

  async #tellAll(): Promise<void> {
    const listeners = [...this.#listeners];
    for (let start = 0; start < listeners.length; start += MOST_A_LOOK) {
      const some = listeners.slice(start, start + MOST_A_LOOK);
      const numbers = await this.#numbersOf([...new Set(some.map(({ member }) => member))]);
      for (const listener of some) {
        if ((numbers.get(listener.member) ?? 0) <= listener.told) continue;
        const page = { after: listener.told, limit: MOST_EVENTS };
        const events = await eventsAfter(this.#server, listener.member, page);
        listener.told = events.at(-1)?.number ?? listener.told;
        if (this.#listeners.has(listener)) listener.tell(events);
      }
    }
  }

  async #numbersOf(members: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#server.db.query
      .selectFrom("member")
      .select(["id", "events"])
      .where("id", "in", members)
      .execute();
    return new Map(rows.map(({ id, events }) => [id, events]));
  }
}
