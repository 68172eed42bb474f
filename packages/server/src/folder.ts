import { open } from "node:fs/promises";
import { KeepsakeError } from "@keepsake/core/base";

/** Makes durable what was made, renamed or removed in a folder. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether an error says that something is not there. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

const fullCodes = new Set(["ENOSPC", "EDQUOT"]);

/** Errors of the disk, and of who sends, with a code; a client that went away in the middle is its own affair. */
export function diskError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (KeepsakeError.is(error) || code === undefined) return error;
  if (fullCodes.has(code)) return new KeepsakeError("store.full", { cause: error });
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE")
    return new KeepsakeError("upload.incomplete", { cause: error, retry: "now" });
  return new KeepsakeError("store.unavailable", { cause: error, retry: "later" });
}
