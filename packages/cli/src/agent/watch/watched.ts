import { createHash } from "node:crypto";
import type { AgentConfig, WatchedSource } from "../kept/config.ts";
import type { SeenSource } from "../plan/work.ts";
import type { Answers } from "../answers.ts";
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
  readonly #answers: Answers;
  #entries: readonly Entry[] = [];
  /** Names of sources of which the password lies where nothing answers. */
  #withoutPassword: ReadonlySet<string> = new Set();

  constructor(answers: Answers, onHint: () => void, clock: () => number = () => performance.now()) {
    this.#answers = answers;
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
      const watcher = new Watcher({
        answers: this.#answers,
        path,
        format,
        quietMs,
        lookMs,
        onHint: this.#onHint,
      });
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

  /** The names of sources whose disk does not answer. */
  get silent(): readonly string[] {
    return this.#entries
      .filter(({ source, watcher }) => watcher.isSilent || this.#withoutPassword.has(source.name))
      .map(({ source }) => source.name);
  }

  /** Every source, with what lies there now. */
  async seen(): Promise<SeenSource[]> {
    const now = this.#clock();
    const seen: SeenSource[] = [];
    const withoutPassword = new Set<string>();
    for (const { source, watcher } of this.#entries) {
      const digest = watcher.settled(now);
      const password = digest === undefined ? undefined : await this.#passwordOf(source);
      if (password === "silent") withoutPassword.add(source.name);
      const isKnown = password !== "silent" && password !== "later";
      seen.push({
        source,
        seen: isKnown && digest !== undefined ? seenDigest(source, digest, password) : undefined,
      });
    }
    this.#withoutPassword = withoutPassword;
    return seen;
  }

  async #passwordOf({ backupPasswordFile: file }: WatchedSource): Promise<string | undefined> {
    return file === undefined ? undefined : this.#answers.of(file, () => stampOf(file));
  }

  [Symbol.dispose](): void {
    for (const { watcher } of this.#entries) watcher[Symbol.dispose]();
  }
}

/** Changes with what lies in a source, and with how it is to be read. */
function seenDigest(source: WatchedSource, digest: string, password: string | undefined): string {
  return createHash("sha256")
    .update(JSON.stringify([digest, source, password ?? null]))
    .digest("hex");
}
