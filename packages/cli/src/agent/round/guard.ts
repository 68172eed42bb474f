import type { AgentConfig } from "../kept/config.ts";
import { holdOf, readAsked, type Hold } from "../holds.ts";
import { readPower, type Power, type PowerWanted } from "../machine/power.ts";

/** How long what the system says of its power counts; asking starts a tool. */
const POWER_MS: number = process.platform === "win32" ? 300_000 : 60_000;
/** While a round runs. */
const EVERY_MS = 5000;

const nothingKnown: Power = { isOnBattery: undefined, isOnMetered: undefined };

/** Knows whether work may begin, and stops it when it may not go on. */
export class Guard {
  readonly #env: NodeJS.ProcessEnv;
  readonly #now: () => number;
  #power = nothingKnown;
  #askedAt = -Infinity;
  #look: (() => void) | undefined;

  constructor(env: NodeJS.ProcessEnv, now: () => number) {
    this.#env = env;
    this.#now = now;
  }

  /** Why nothing may run now; undefined if it may. */
  async hold(config: AgentConfig): Promise<Hold | undefined> {
    const now = this.#now();
    const { pause } = await readAsked(this.#env, now);
    const plain = holdOf(config, now, { pause, power: nothingKnown });
    // Nobody asks the system for what changes nothing.
    if (plain !== undefined) return plain;
    const wanted = { battery: config.isPausedOnBattery, metered: config.isPausedOnMetered };
    await this.#ask(wanted, now);
    return holdOf(config, now, { pause, power: this.#power });
  }

  /** What was asked for and is not known. */
  unknown(config: AgentConfig): ("battery" | "metered")[] {
    if (this.#askedAt === -Infinity) return [];
    const isUnknown = {
      battery: config.isPausedOnBattery && this.#power.isOnBattery === undefined,
      metered: config.isPausedOnMetered && this.#power.isOnMetered === undefined,
    };
    return (["battery", "metered"] as const).filter((what) => isUnknown[what]);
  }

  /** Calls `stop` as soon as work may not go on, until it is disposed of. */
  watch(config: AgentConfig, stop: () => void): Disposable {
    const check = async (): Promise<void> => {
      if ((await this.hold(config)) !== undefined) stop();
    };
    // What cannot be found out now holds nothing back; the next look comes soon.
    const look = (): void => void check().catch(() => undefined);
    const timer = setInterval(look, EVERY_MS);
    this.#look = look;
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        this.#look = undefined;
      },
    };
  }

  /** The person said something: what is watched looks at once. */
  nudge(): void {
    this.#look?.();
  }

  async #ask(wanted: PowerWanted, now: number): Promise<void> {
    if (now - this.#askedAt < POWER_MS && now >= this.#askedAt) return;
    this.#askedAt = now;
    this.#power = await readPower(process.platform, wanted);
  }
}
