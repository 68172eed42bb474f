export { backup, type BackupResult } from "./backup.ts";
export type { BackupOptions, BackupSource } from "./write/work.ts";
export { isOfChat, isOfMessage, type Choice, type LeftOut } from "./state/choices.ts";
export { chatCollections } from "./state/chats.ts";
export { diff, type ChatDifference } from "./diff.ts";
export { OpenTexts, type ReadOnOptions, type TextHit, type TextQuery } from "./find/open-texts.ts";
export type { Reading, Readings } from "./readings.ts";
export {
  prove,
  type ChatProof,
  type FolderProof,
  type Proof,
  type ProofOptions,
  type Verified,
} from "./proof.ts";
export { restoreFiles, type FailedFile, type FileJob, type FileSink } from "./out/restore-files.ts";
export {
  compareFolder,
  diskName,
  keptFiles,
  faultOfOneFile,
  restoreFolder,
  type FolderDifference,
  type FolderSink,
  type FolderSinkFile,
  type FolderThere,
} from "./out/restore-folder.ts";
export { restoredBatches, restoredEvents, type Selection } from "./restore.ts";
export { chatFiles, type FilesRead, type RestoredFile } from "./out/chat-files.ts";
export { RowReader, type RowRange } from "./rows/read.ts";
export { isKeptFile, type KeptEntry, type KeptFile, type KeptFolder } from "./rows/kept.ts";
export { LANE, type Run, type Source } from "./rows/row.ts";
export { sealRows, type RowSealer, type SealedRows, type SealJob } from "./rows/seal-rows.ts";
export { newChoice, setChoices } from "./choose.ts";
export {
  LARGE_BYTES,
  proposalsFor,
  survey,
  type Amount,
  type ChatSurvey,
  type Proposal,
  type Survey,
} from "./survey.ts";
export { search, type SearchHit, type SearchQuery } from "./search.ts";
export { historyAt, keptHistories, listSnapshots, type ListedSnapshot } from "./state/snapshots.ts";
export { hasWindow, type ForgetRule } from "./state/rules.ts";
export { readFolders, summaryOfFolder, type Folder, type FolderSummary } from "./state/folders.ts";
export { readSources, sourceOf, type Sources } from "./state/sources.ts";
export type { Summary } from "./state/manifest.ts";
export {
  collectionNamed,
  emptyContentRoot,
  emptyRoot,
  loadHistory,
  manifestOf,
  summaryOf,
  type History,
  type Root,
} from "./state/state.ts";
export { needOf, weigh, weighedParts, type WeighedPart, type WeighOptions, type Weight } from "./weigh.ts";
export { HistoryView, type ChatView, type MessageView } from "./view.ts";
export type { FileStamp, StampCache } from "./intake/attachments.ts";
export type { Memo, MemoStore } from "./intake/memory.ts";
export type { FolderOutcome } from "./intake/folder.ts";
export type { ChatOutcome } from "./write/chat.ts";
export type { Shrink } from "./intake/shrink.ts";
export {
  FilesInPlace,
  type FileSealer,
  type FileSealerStart,
  type HashedFile,
  type PutFile,
} from "./intake/seal-files.ts";
export { PART_BYTES } from "./rows/attachments.ts";
