import { KeepsakeError } from "@keepsake/core/base";
import { migrationStatus, requireMoved } from "../db/index.ts";
import type { Server } from "../server.ts";

/** What a server cannot do without. */
type Part = "database" | "tables" | "objects";

/** A part that has not answered by now is away. */
const WAIT_MS = 3000;
/** Anybody may ask: the parts are looked at no more often than this. */
const KEPT_MS = 1000;

/** Whether this process can serve: its database answers and has all the tables, its place for objects answers. */
export class Readiness {
  readonly #server: Server;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #looked: Promise<readonly Part[]> = Promise.resolve([]);

  constructor(server: Server) {
    this.#server = server;
  }

  /** The parts that are not as they should be, as of a second ago at most. */
  lacking(): Promise<readonly Part[]> {
    if (performance.now() - this.#lookedMs > KEPT_MS) {
      this.#lookedMs = performance.now();
      this.#looked = lookAt(this.#server);
    }
    return this.#looked;
  }
}

async function lookAt({ db, blobs }: Server): Promise<readonly Part[]> {
  const [tables, objects] = await Promise.all([
    inTime("database", async (): Promise<Part | undefined> => {
      await requireMoved(db);
      const steps = await migrationStatus(db);
      return steps.some(({ doneAtMs }) => doneAtMs === undefined) ? "tables" : undefined;
    }),
    inTime("objects", async () => {
      await blobs.reach();
      return undefined;
    }),
  ]);
  return [tables, objects].filter((part) => part !== undefined);
}

async function inTime(part: Part, look: () => Promise<Part | undefined>): Promise<Part | undefined> {
  const late = Promise.withResolvers<Part>();
  const timer = setTimeout(() => late.resolve(part), WAIT_MS);
  try {
    return await Promise.race([look(), late.promise]);
  } catch (error) {
    // Tables of a newer program, or half of a move: the database itself is well.
    const isOther = KeepsakeError.is(error) && /^server\.(?:newer-database|half-moved)$/.test(error.code);
    return isOther ? "tables" : part;
  } finally {
    clearTimeout(timer);
  }
}
