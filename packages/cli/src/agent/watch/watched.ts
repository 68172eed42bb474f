import { createHash } from "node:crypto";
import type { AgentConfig, WatchedSource } from "../kept/config.ts";
import type { SeenSource } from "../plan/work.ts";
import { stampOf } from "./stamp.ts";
import { Watcher } from "./watcher.ts";

interface Entry {
  readonly source: WatchedSource;
  readonly about: string;
  readonly watcher: Watcher;
}

/** All sources of a configuration, each with its watcher. Its clock only goes forward. */
export class Watched implements Disposable {
  readonly #onHint: () => void;
  readonly #clock: () => number;
  #entries: readonly Entry[] = [];

  constructor(onHint: () => void, clock: () => number = () => performance.now()) {
    this.#onHint = onHint;
    this.#clock = clock;
  }

  /** Takes a configuration over: watchers of sources that did not change go on. */
  configure({ sources, quietSeconds, lookSeconds }: AgentConfig): void {
    const before = new Map(this.#entries.map((entry) => [entry.about, entry]));
    this.#entries = sources.map((source) => {
      const about = JSON.stringify([source, quietSeconds, lookSeconds]);
      const known = before.get(about);
      before.delete(about);
      if (known !== undefined) return known;
      const [quietMs, lookMs] = [quietSeconds * 1000, lookSeconds * 1000];
      const { path, format } = source;
      const watcher = new Watcher({ path, format, quietMs, lookMs, onHint: this.#onHint });
      return { source, about, watcher };
    });
    for (const { watcher } of before.values()) watcher[Symbol.dispose]();
  }

  /** Looks at every source that is due. */
  async look(): Promise<void> {
    for (const { watcher } of this.#entries)
      if (watcher.dueAt <= this.#clock()) await watcher.look(this.#clock);
  }

  /** How long until a look is due; Infinity without sources. */
  get dueInMs(): number {
    const dues = this.#entries.map(({ watcher }) => watcher.dueAt - this.#clock());
    return Math.max(0, Math.min(Infinity, ...dues));
  }

  /** Whether every source is whole, or not there. */
  get isSettled(): boolean {
    const now = this.#clock();
    return this.#entries.every(({ watcher }) => !watcher.isThere || watcher.settled(now) !== undefined);
  }

  /** Every source, with what lies there now. */
  async seen(): Promise<SeenSource[]> {
    const now = this.#clock();
    return Promise.all(
      this.#entries.map(async ({ source, watcher }) => {
        const digest = watcher.settled(now);
        return { source, seen: digest && (await seenDigest(source, digest)) };
      }),
    );
  }

  [Symbol.dispose](): void {
    for (const { watcher } of this.#entries) watcher[Symbol.dispose]();
  }
}

/** Changes with what lies in a source, and with how it is to be read. */
async function seenDigest(source: WatchedSource, digest: string): Promise<string> {
  const { backupPasswordFile: file } = source;
  const password = file === undefined ? undefined : await stampOf(file);
  return createHash("sha256")
    .update(JSON.stringify([digest, source, password ?? null]))
    .digest("hex");
}
