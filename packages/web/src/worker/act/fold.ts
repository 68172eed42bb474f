import { KeepsakeError } from "@keepsake/core/base";
import type { History } from "@keepsake/core/history";
import type { Snapshot } from "@keepsake/core/vault";

/**
 * Folds in what many imports added, once there is much of it: the content stays what it is, and opening stays quick.
 * Undefined where there is little, and where it came to nothing: the next import folds then.
 */
export async function foldWhereDue(history: History): Promise<Snapshot | undefined> {
  if (history.deltas.length < 2) return undefined;
  const { compact, planCompact } = await import("@keepsake/core/care");
  const plan = planCompact(history);
  if (plan === "nothing") return undefined;
  try {
    const folded = await compact(history, plan);
    return folded === "raced" ? undefined : folded;
  } catch (error) {
    if (KeepsakeError.is(error)) return undefined;
    throw error;
  }
}
