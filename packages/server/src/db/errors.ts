import { KeepsakeError } from "@keepsake/core/base";

/** True if a statement failed because a row with the same key, or the same value that only one may have, is there. */
export function isTaken(error: unknown): boolean {
  return KeepsakeError.is(error, "server.taken");
}
