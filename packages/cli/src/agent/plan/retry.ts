import { codes, type Code } from "@keepsake/core/base";

const FIRST_MS = 60_000;
/** The longest wait before the next try. */
export const MOST_MS = 3_600_000;

/** What a round came to, as far as it decides whether another one makes sense. */
export interface Ended {
  readonly code: string;
  readonly isShrunk?: boolean | undefined;
}

/** How long to wait after so many failures in a row: a minute, then twice as long each time, an hour at most. */
export function retryDelayMs(failures: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}

/** Codes of sources that may be right the next time, although nobody does anything. */
const passing: ReadonlySet<string> = new Set(["format.unfinished", "format.unreadable", "format.changing"]);

/**
 * Whether only the person can go on: the source shrank, a password or an account is missing, the vault refuses this
 * device. Trying again would come to the same, until the source or the configuration changes.
 */
export function isForThePerson({ code, isShrunk }: Ended): boolean {
  if (isShrunk === true) return true;
  if (code.startsWith("format.")) return !passing.has(code);
  const exit = Object.hasOwn(codes, code) ? codes[code as Code].exit : 1;
  return exit === 2 || exit === 3 || exit === 12 || exit === 13 || exit === 14;
}
