/* The door of what looks after a vault. Backing up, looking and restoring do without it, and start sooner. */
export {
  check,
  type CheckLevel,
  type CheckOptions,
  type CheckResult,
  type Damage,
  type Share,
} from "./care/check.ts";
export type { GoneFiles } from "./state/gone.ts";
export { compact, planCompact, type CompactPlan } from "./care/compact.ts";
export { relate, type Relation } from "./care/copies/heads.ts";
export { copyTo, repair, type CopyOptions, type CopyResult } from "./care/copies/copy.ts";
export { merge, planMerge, withNewerKeys, type MergedChat, type MergePlan } from "./care/copies/merge.ts";
export {
  forgetMessages,
  planForgetMessages,
  type ForgetMessagesPlan,
  type ForgottenInChat,
} from "./care/forget-messages.ts";
export {
  forgetChats,
  forgetSnapshots,
  planForgetSnapshots,
  type ForgetPlan,
  type KeepRule,
} from "./care/forget.ts";
export { forgetStates, planForgetStates, type ForgetStatesPlan } from "./care/forget-states.ts";
export { planPrune, prune, QUARANTINE_MS, type PruneOptions, type PrunePlan } from "./care/prune.ts";
export { rehearse, type Rehearsal, type RehearseOptions } from "./care/rehearse.ts";
export { rotate, rotateCollections, startGeneration, useGeneration, winRace } from "./care/rotate.ts";
export {
  isLooser,
  isWindowLast,
  keepForEver,
  keptForEver,
  liftWindow,
  planWindow,
  type Window,
} from "./care/window/window.ts";
export { planUndo, undo, type UndoPlan } from "./care/undo.ts";
