import { KeepsakeError } from "@keepsake/core/base";
import { lastStore } from "../device/profile.ts";
import { isAddress, isReachable, placeOf } from "../device/stores/stores.ts";
import type { Answers } from "./answers.ts";
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
  readonly #answers: Answers;
  #config: AgentConfig;
  #state: State;
  #written = "";
  /** What the vault's place was called, and where that was found to be. */
  #place: { readonly path: string; readonly place: string } | undefined;
  #copies: readonly string[] = [];
  #copiesAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  private constructor(env: NodeJS.ProcessEnv, answers: Answers, config: AgentConfig, state: State) {
    this.#env = env;
    this.#answers = answers;
    this.#config = config;
    this.#state = state;
  }

  /** Throws `agent.bad-config`. */
  static async load(env: NodeJS.ProcessEnv, answers: Answers): Promise<Memory> {
    return new Memory(env, answers, (await readConfig(env)).config, await readState(env));
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

  /** The place of the vault; undefined where its disk does not answer now. Throws `cli.no-store`. */
  async store(): Promise<string | undefined> {
    const path = await this.#storePath();
    const place = await this.#answers.of(path, async () => {
      const found = await placeOf(path);
      if (!isAddress(found)) await isReachable(found);
      return found;
    });
    if (place === "silent") return undefined;
    if (place === "later") return this.#placeOf(path);
    this.#place = { path, place };
    return place;
  }

  async #storePath(): Promise<string> {
    const path = this.#config.store ?? (await lastStore(this.#env));
    if (path === undefined) throw new KeepsakeError("cli.no-store");
    return path;
  }

  #placeOf(path: string): string | undefined {
    return this.#place?.path === path ? this.#place.place : undefined;
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
    const store = this.#placeOf(await this.#storePath()) ?? (await this.store());
    // Until its disk answers, the copies are those that there were.
    const known = store === undefined ? Object.keys(this.#state.copies) : await knownCopies(this.#env, store);
    if (now - this.#copiesAt > COPIES_MS || now < this.#copiesAt) {
      const reached: string[] = [];
      for (const place of known)
        if ((await this.#answers.of(place, () => isReachable(place))) === true) reached.push(place);
      this.#copies = reached;
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
