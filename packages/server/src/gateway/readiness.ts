import { migrationStatus, type Db } from "../db/index.ts";
import type { Targets } from "./targets.ts";

/** What a gateway says of itself and of the cells. */
export interface Ready {
  readonly status: "ready" | "not-ready";
  /** Whether the directory answers: without it nobody logs in by a name. */
  readonly directory: boolean;
  /** By number, whether each cell says that it can serve. */
  readonly cells: Readonly<Record<string, boolean>>;
}

/** What has not answered by now is away. */
const WAIT_MS = 3000;
/** Anybody may ask: the parts are looked at no more often than this. */
const KEPT_MS = 1000;

/** Looks at the directory and the cells. */
export class GatewayReadiness {
  readonly #parts: { readonly db: Db; readonly targets: Targets };
  #lookedMs = Number.NEGATIVE_INFINITY;
  #looked: Promise<Ready> | undefined;

  constructor(parts: { readonly db: Db; readonly targets: Targets }) {
    this.#parts = parts;
  }

  /** How things stand, as of a second ago at most: ready where the directory and any cell are. */
  look(): Promise<Ready> {
    if (this.#looked === undefined || performance.now() - this.#lookedMs > KEPT_MS) {
      this.#lookedMs = performance.now();
      this.#looked = this.#lookAnew();
    }
    return this.#looked;
  }

  async #lookAnew(): Promise<Ready> {
    const { db, targets } = this.#parts;
    const [directory, ...cells] = await Promise.all([
      inTime(isCurrent(db)),
      ...targets.addresses.map(({ url }) => isReady(url)),
    ]);
    const isOk = directory && cells.includes(true);
    const numbered = targets.addresses.map(({ cell }, index) => [cell, cells[index]!] as const);
    return { status: isOk ? "ready" : "not-ready", directory, cells: Object.fromEntries(numbered) };
  }
}

async function isCurrent(db: Db): Promise<boolean> {
  return (await migrationStatus(db)).every(({ doneAtMs }) => doneAtMs !== undefined);
}

async function isReady(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(WAIT_MS);
  const response = await fetch(`${url}/ready`, { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}

async function inTime(look: Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), WAIT_MS);
  try {
    return await Promise.race([look.catch(() => false), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
