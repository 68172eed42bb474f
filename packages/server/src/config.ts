import { KeepsakeError } from "@keepsake/core/base";

/** What an operator sets; every value has a default that is safe on a machine of one's own. */
export interface Config {
  /** The address to listen on; only this machine unless it is set. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How long requests under way may take once a stop was asked for. */
  readonly stopWithinMs: number;
}

const maxPort = 65_535;
const maxStopMs = 20_000;

/** The configuration that an environment holds. Throws `base.invalid` with the name of the wrong variable. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const wholeNumber = (name: string, preset: number, max: number): number => {
    const text = environment[name];
    if (text === undefined || text === "") return preset;
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value <= max)) throw new KeepsakeError("base.invalid", { details: { name, max } });
    return value;
  };
  return {
    host: environment["KEEPSAKE_HOST"] || "127.0.0.1",
    port: wholeNumber("KEEPSAKE_PORT", 7430, maxPort),
    stopWithinMs: wholeNumber("KEEPSAKE_STOP_MS", maxStopMs, maxStopMs),
  };
}
