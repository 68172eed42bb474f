export { backup, type BackupOptions, type BackupResult, type BackupSource } from "./backup.ts";
export { chatCollections } from "./chats.ts";
export { check, type CheckLevel, type CheckOptions, type CheckResult, type Damage } from "./check.ts";
export { compact, planCompact, type CompactPlan } from "./compact.ts";
export { copyTo, repair, type CopyOptions, type CopyResult } from "./copy.ts";
export { diff, type ChatDifference } from "./diff.ts";
export { forgetChats, forgetSnapshots, planForgetSnapshots, type KeepRule } from "./forget.ts";
export { prove, type ChatProof, type Proof, type ProofOptions, type Verified } from "./proof.ts";
export { planPrune, prune, QUARANTINE_MS, type PruneOptions, type PrunePlan } from "./prune.ts";
export { rehearse, type Rehearsal, type RehearseOptions } from "./rehearse.ts";
export { restoredEvents, type Selection } from "./restore.ts";
export { rotate, rotateCollections } from "./rotate.ts";
export { RowReader, type RowRange } from "./rows/read.ts";
export type { Run, Source } from "./rows/row.ts";
export { search, type SearchHit, type SearchQuery } from "./search.ts";
export { historyAt, keptHistories, listSnapshots, type ListedSnapshot } from "./snapshots.ts";
export { readSources, sourceOf, type Sources } from "./sources.ts";
export type { Summary } from "./state/manifest.ts";
export {
  collectionNamed,
  emptyContentRoot,
  emptyRoot,
  loadHistory,
  summaryOf,
  type History,
  type Root,
} from "./state/state.ts";
export { planUndo, undo, type UndoPlan } from "./undo.ts";
export { HistoryView, type ChatView, type MessageView } from "./view.ts";
export type { FileStamp, StampCache } from "./write/attachments.ts";
export type { ChatOutcome } from "./write/chat.ts";
export type { Shrink } from "./write/shrink.ts";
