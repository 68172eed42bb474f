import { KeepsakeError } from "@keepsake/core/base";
import { lastStore } from "../device/profile.ts";
import { isReachable, placeOf } from "../device/stores/stores.ts";
import { knownCopies } from "./copies.ts";
import { readConfig, type AgentConfig } from "./kept/config.ts";
import { readState, writeState, type State } from "./kept/state.ts";
import { withoutFuture } from "./plan/ahead.ts";
import { newCopy } from "./plan/care.ts";

/** How long a look at which copies are plugged in counts. */
const COPIES_MS = 600_000;

/** What the agent was told and what it knows; what it knows is on the disk as soon as it is set. */
export class Memory {
  readonly #env: NodeJS.ProcessEnv;
  #config: AgentConfig;
  #state: State;
  #written = "";
  #copies: readonly string[] = [];
  #copiesAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  private constructor(env: NodeJS.ProcessEnv, config: AgentConfig, state: State) {
    this.#env = env;
    this.#config = config;
    this.#state = state;
  }

  /** Throws `agent.bad-config`. */
  static async load(env: NodeJS.ProcessEnv): Promise<Memory> {
    return new Memory(env, (await readConfig(env)).config, await readState(env));
  }

  get config(): AgentConfig {
    return this.#config;
  }

  get state(): State {
    return this.#state;
  }

  /** The copies that can be reached, the vault's own first. */
  get copies(): readonly string[] {
    return this.#copies;
  }

  /** The place of the vault. Throws `cli.no-store`. */
  async store(): Promise<string> {
    const path = this.#config.store ?? (await lastStore(this.#env));
    if (path === undefined) throw new KeepsakeError("cli.no-store");
    return placeOf(path);
  }

  /** Takes over what the person changed; a configuration that is wrong now leaves the one before. */
  async refresh(now: number): Promise<void> {
    this.#config = await readConfig(this.#env).then(
      ({ config }) => config,
      () => this.#config,
    );
    const sources = Object.fromEntries(
      this.#config.sources.map(({ name }) => [
        name,
        this.#state.sources[name] ?? { since: now, failures: 0 },
      ]),
    );
    const places = await this.#places(now);
    const copies = Object.fromEntries(
      places.map((place) => [place, this.#state.copies[place] ?? newCopy(now)]),
    );
    await this.set(withoutFuture({ ...this.#state, sources, copies }, now));
  }

  async #places(now: number): Promise<readonly string[]> {
    const known = await knownCopies(this.#env, await this.store());
    if (now - this.#copiesAt > COPIES_MS || now < this.#copiesAt) {
      const are = await Promise.all(known.map(isReachable));
      this.#copies = known.filter((_, i) => are[i]);
      this.#copiesAt = now;
    }
    return known;
  }

  async set(state: State): Promise<void> {
    this.#state = state;
    // One after the other, so that the newest is what stays.
    const writing = this.#writing.catch(() => undefined).then(() => this.#write());
    this.#writing = writing;
    await writing;
  }

  async #write(): Promise<void> {
    const text = JSON.stringify(this.#state);
    if (text === this.#written) return;
    await writeState(this.#env, this.#state);
    this.#written = text;
  }
}
