import { setFlagsFromString } from "node:v8";

/**
 * Keeps the process small while much passes through it: what has lived for a while is collected before it has grown by
 * three fifths, instead of to four times of what lives. What is young is bounded by the launcher, since that is settled
 * when a process starts.
 */
export function boundHeap(): void {
  setFlagsFromString("--heap-growing-percent=60");
}
