import type { Code } from "@keepsake/core/base";

/** What an error that is none of ours means, as far as it can be told without its text, which may name folders. */
export function diskProblem(error: unknown): {
  readonly code: Code;
  readonly details: Readonly<Record<string, string>>;
} {
  const name = error instanceof Error ? error.name : typeof error;
  const system = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof system !== "string" || !/^[A-Z_0-9]+$/.test(system))
    return { code: "base.unexpected", details: { error: name } };
  const isFull = system === "ENOSPC" || system === "EDQUOT";
  const isDisk = isFull || /^E(?:IO|ROFS|ACCES|PERM|BUSY|NOENT|NOTDIR|MFILE|NFILE|NODEV)$/.test(system);
  const code: Code = isFull ? "store.full" : isDisk ? "store.unavailable" : "base.unexpected";
  return { code, details: { error: system } };
}
