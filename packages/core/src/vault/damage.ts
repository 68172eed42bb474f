import { KeepsakeError, type Code } from "../base/index.ts";

const damages: ReadonlySet<Code> = new Set<Code>([
  "vault.corrupt",
  "store.not-found",
  "server.bad-key-token",
]);

/**
 * Whether an error says that what lies in a store is not what was written there. All else is no word on it: a store
 * that is away, a member who was logged out, work that was stopped.
 */
export function isDamage(error: unknown): error is KeepsakeError {
  return KeepsakeError.is(error) && damages.has(error.code);
}
