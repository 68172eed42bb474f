import { KeepsakeError } from "@keepsake/core/base";

// Primary result codes of SQLite (sqlite.org/rescode.html), and the extended ones that we tell apart.
const busy = new Set([5, 6]);
const away = new Set([8, 10, 13, 14]);
const damaged = new Set([11, 26]);
const taken = new Set([1555, 2067]);

/** What an error of SQLite means to us. */
export function sqliteError(error: unknown): KeepsakeError {
  if (KeepsakeError.is(error)) return error;
  const extended = codeOf(error);
  const primary = extended & 0xff;
  const options = { cause: error, details: { engine: "sqlite", error: extended } };
  if (taken.has(extended)) return new KeepsakeError("server.taken", options);
  if (busy.has(primary))
    return new KeepsakeError("server.database-unavailable", { ...options, retry: "now" });
  if (away.has(primary))
    return new KeepsakeError("server.database-unavailable", { ...options, retry: "later" });
  if (damaged.has(primary)) return new KeepsakeError("server.database-damaged", options);
  if (isTooLarge(error)) return new KeepsakeError("base.limit", options);
  return new KeepsakeError("base.unexpected", options);
}

/** True if another connection holds what was asked for. */
export function isDenial(error: unknown): boolean {
  return busy.has(codeOf(error) & 0xff);
}

function codeOf(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}
