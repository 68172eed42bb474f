import {
  bytesToHex,
  KeepsakeError,
  Tails,
  throwIfAborted,
  type Finding,
  type Report,
} from "../base/index.ts";
import type { Account, Aside, Attachment, SourceFile, SourceInfo } from "../model/index.ts";
import { emptyLog, publishSame, type Snapshot, type StoredPack, type Vault } from "../vault/index.ts";
import type { AttachmentStore } from "./intake/attachments.ts";
import { FolderIntake, type FolderOutcome, type FolderRows } from "./intake/folder.ts";
import { LostMemory } from "./intake/join.ts";
import type { Memo } from "./intake/memory.ts";
import { findShrink, type Shrink } from "./intake/shrink.ts";
import { toRanges } from "./intake/witness.ts";
import { prove, type Proof } from "./proof.ts";
import type { StoredAttachment } from "./rows/attachments.ts";
import type { Row, Run, Source } from "./rows/row.ts";
import { sumLeftOut, type LeftOut } from "./state/choices.ts";
import { folderName, readFolder } from "./state/folders.ts";
import { sourceOf, type Sources } from "./state/sources.ts";
import { collectionLike, rowKeys, sourcesName } from "./state/state.ts";
import { logOf } from "./write/logs.ts";
import { ensureCollection, type Batch } from "./write/batch.ts";
import { backupChat, presentDigests, type ChatOutcome, type ChatRun } from "./write/chat.ts";
import { commitBatch } from "./write/commit.ts";
import { openWork, type BackupOptions, type BackupSource, type Work } from "./write/work.ts";

export interface BackupResult {
  readonly snapshot: Snapshot;
  readonly source: Source;
  /** True if the source was not read, because nothing changed. */
  readonly isUnchanged: boolean;
  readonly chats: readonly ChatOutcome[];
  /** What the source does not show any more, where that is much; all of it is kept. */
  readonly shrink: Shrink | undefined;
  /** Where the source is a folder that is kept as it is. */
  readonly folder: FolderOutcome | undefined;
  /** What the owner's choices left out of the source. */
  readonly leftOut: readonly LeftOut[];
  /** What lies in the source and is no history. */
  readonly asides: readonly Aside[];
  readonly findings: readonly Finding[];
  /** What this run stored. */
  readonly packs: readonly StoredPack[];
  readonly newFiles: { readonly count: number; readonly bytes: number };
  /** Made from the store alone, after the head was written. */
  readonly proof: Proof;
}

const MAX_RACES = 20;
/** So many chats are being finished while the next one is read. */
const CHATS_AT_ONCE = 4;

/**
 * Brings a source's history into the vault: what it has and the vault does not. Nothing in the vault is changed or
 * lost by it, whatever the source shows. Starts over where another device wrote at the same time.
 */
export async function backup(
  vault: Vault,
  source: BackupSource,
  options: BackupOptions = {},
): Promise<BackupResult> {
  let how = options;
  for (let race = 0; race < MAX_RACES; race++) {
    try {
      const result = await backupOnce(vault, source, how);
      if (result !== "raced") return result;
    } catch (error) {
      if (!(error instanceof LostMemory) || how.reread === true) throw error;
      how = { ...how, reread: true };
    }
  }
  throw new KeepsakeError("vault.raced", { retry: "later" });
}

async function backupOnce(
  vault: Vault,
  source: BackupSource,
  options: BackupOptions,
): Promise<BackupResult | "raced"> {
  const work = await openWork(vault, source, options);
  const { history, stream } = work;
  try {
    const same = options.reread === true ? undefined : unchangedSource(work, source);
    const stored = same === undefined ? await storeSource(work, source, options) : undefined;
    const snapshot = stored?.snapshot ?? (await publishSame(vault, history.snapshot, "backup"));
    if (snapshot === "raced") return "raced";
    await work.resume.finish();
    const proof = await prove(vault, { ...options, written: new Set(work.packs.map(({ name }) => name)) });
    // What the store does not give back is not passed over the next time.
    if (stored !== undefined) await options.memos?.save(stored.memo);
    const found = stored ?? { ...nothingStored, identity: same! };
    return { ...outcomeOf(work, found), snapshot, isUnchanged: stored === undefined, proof };
  } catch (error) {
    // What is stored already need not be stored again; where that cannot be noted, the error is what counts.
    await work.resume.noteWhole().catch(() => undefined);
    throw error;
  } finally {
    await stream.stop();
  }
}

const nothingStored = { chats: [], shrink: undefined, folder: undefined, leftOut: [], asides: [] };

function outcomeOf(
  { findings, packs, files }: Work,
  { identity, chats, shrink, folder, leftOut, asides }: Omit<StoredSource, "snapshot" | "memo">,
): Omit<BackupResult, "snapshot" | "isUnchanged" | "proof"> {
  const newFiles = { count: files.newFiles, bytes: files.newBytes };
  return { source: identity, chats, shrink, folder, leftOut, asides, findings, packs, newFiles };
}

interface StoredSource {
  readonly snapshot: Snapshot | "raced";
  readonly identity: Source;
  readonly chats: readonly ChatOutcome[];
  readonly shrink: Shrink | undefined;
  readonly folder: FolderOutcome | undefined;
  readonly leftOut: readonly LeftOut[];
  readonly asides: readonly Aside[];
  /** What the reader kept; undefined where the vault does not agree with what it saw. */
  readonly memo: Memo | undefined;
}

/** Reads the source into a new version. */
export async function storeSource(
  work: Work,
  source: BackupSource,
  options: BackupOptions,
): Promise<StoredSource> {
  const { batch, files, stream } = work;
  const begun = await beginRun(work, source);
  const { identity, run, before, folder } = begun;
  const ownRuns = new Set(before.map(({ id }) => id)).add(run.id);
  const { chooser, loose } = work;
  const tails = new Tails(CHATS_AT_ONCE);
  const isOwnRun = (id: string): boolean => ownRuns.has(id);
  const context: ChatRun = { batch, files, chooser, tails, run: run.id, isOwnRun };
  const chats = await storeChats(work, { context, folder }, options);
  const kept = await folder?.finish(run.id, options.acceptShrink === true);
  if (kept !== undefined) await noteFolder(context, identity, kept);
  const shrink = await findShrink(context, chats);
  const isAgreed = shrink === undefined || options.acceptShrink === true;
  if (isAgreed) await noteGone(context, chats);
  const leftOut = leftOutNow(work, before);
  const done = endedRun(work, run, leftOut);
  await noteRun(context, { identity, run: done, sources: work.sources, owner: stream.accounts, loose });
  await files.flush();
  const snapshot = await commitBatch(batch, { verb: "backup" });
  const memo = isAgreed ? memoOf(work, run, chats) : undefined;
  return { snapshot, identity, chats, shrink, folder: kept?.outcome, leftOut, asides: stream.asides, memo };
}

/** Where a file could not be read, the next run asks for it again, although nothing changed in the source. */
function isAllRead({ findings }: Work): boolean {
  return !findings.some(({ code }) => code === "history.unreadable-file");
}

function endedRun(work: Work, { fingerprint, ...run }: Run, leftOut: readonly LeftOut[]): Run {
  return {
    ...run,
    ...(fingerprint !== undefined && isAllRead(work) && { fingerprint }),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** What the reader kept. */
function memoOf(work: Work, { id }: Run, chats: readonly ChatOutcome[]): Memo | undefined {
  const collections = chats.map(({ collection }) => collection);
  const { shownUntil } = work.chooser;
  return isAllRead(work) ? work.memory?.memo({ run: id, collections, shownUntil }) : undefined;
}

interface BegunRun {
  readonly identity: Source;
  readonly run: Run;
  /** Runs of the source before this one. */
  readonly before: readonly Run[];
  /** Where the source is a folder to be kept. */
  readonly folder: FolderIntake | undefined;
}

/** Reads up to the first chat, and finds out which source it is. */
async function beginRun(work: Work, source: BackupSource): Promise<BegunRun> {
  const { history, resume, stream, sources, fingerprint } = work;
  const info = await stream.start();
  const identity = sourceOf(history.vault.primitives, info, source.name);
  const before = sources.runs.filter((each) => each.source === identity.id);
  const folder = await openFolder(work, identity, sources);
  // What a folder holds goes by the time of its runs, so that each begins after those before it.
  const ended = new Set(sources.runs.map(({ id }) => id));
  const begun = folder === undefined ? resume.unfinishedRun(identity.id, ended) : undefined;
  const after = folder === undefined ? undefined : Math.max(...before.map(({ asOf }) => asOf));
  const run = newRun(history.vault, identity, { info, fingerprint, begun, after });
  resume.begin(run);
  return { identity, run, before, folder };
}

/** Chat by chat; what is kept as it is goes to the folder. */
async function storeChats(
  { stream, files }: Work,
  { context, folder }: { readonly context: ChatRun; readonly folder: FolderIntake | undefined },
  { signal, report }: BackupOptions,
): Promise<readonly ChatOutcome[]> {
  const chats: ChatOutcome[] = [];
  const keep = (entry: SourceFile | string): Promise<void> => {
    if (folder === undefined) throw new KeepsakeError("base.invalid", { details: { what: "kept-late" } });
    return folder.keep(entry);
  };
  try {
    for await (const chat of stream.chats(keep)) {
      throwIfAborted(signal);
      const outcome = await backupChat(context, chat);
      if (outcome !== undefined) chats.push(outcome);
      reportProgress(report, chats, files);
    }
  } finally {
    await context.tails.settle();
  }
  return chats;
}

/** Where much is passed over as it was, what was left out of that counts as well. */
function leftOutNow({ memory, chooser }: Work, before: readonly Run[]): LeftOut[] {
  const passedOver = memory?.before === undefined ? [] : (before.at(-1)?.leftOut ?? []);
  return sumLeftOut([...passedOver, ...chooser.leftOut]);
}

/** The source of that name whose files are, by the fingerprint, what they were at its last run. */
function unchangedSource(
  { sources: { sources, runs }, fingerprint }: Work,
  { name }: BackupSource,
): Source | undefined {
  if (fingerprint === undefined) return undefined;
  const named = [...sources.values()].filter((source) => source.name === name);
  return named.find(({ id }) => runs.findLast((run) => run.source === id)?.fingerprint === fingerprint);
}

interface NewRun {
  readonly info: SourceInfo;
  readonly fingerprint: string | undefined;
  /** The same run, begun and cut short. */
  readonly begun: Run | undefined;
  /** It begins later than this. */
  readonly after: number | undefined;
}

function newRun(
  { primitives, clock }: Vault,
  source: Source,
  { info, fingerprint, begun, after = -Infinity }: NewRun,
): Run {
  return {
    id: begun?.id ?? bytesToHex(primitives.random(8)),
    source: source.id,
    asOf: begun?.asOf ?? Math.max(clock.now(), after + 1),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(info.exportedAt === undefined ? {} : { exportedAt: info.exportedAt }),
    ...(info.generator === undefined ? {} : { generator: info.generator }),
    ...(info.residue === undefined ? {} : { residue: info.residue }),
  };
}

/** Takes the files of a source that is a folder to be kept; undefined if it is none, and never was. */
async function openFolder(
  { stream, batch, files, history, onFinding }: Work,
  source: Source,
  { runs }: Sources,
): Promise<FolderIntake | undefined> {
  const collection = collectionLike(history, folderName(source));
  if (collection === undefined && !stream.isFolder) return undefined;
  const known = collection === undefined ? new Map() : await readFolder(batch.reader, collection, runs);
  return new FolderIntake(known, files, (path) =>
    onFinding({ code: "history.unreadable-file", severity: "error", where: path }),
  );
}

async function noteFolder(
  { batch, files }: ChatRun,
  source: Source,
  { rows, contents }: FolderRows,
): Promise<void> {
  const { id } = ensureCollection(batch, folderName(source));
  await appendNotes(batch, id, rows, await files.missingIn(id, contents));
}

/** Notes, chat by chat, what the source had and does not show any more. */
async function noteGone({ batch, run }: ChatRun, chats: readonly ChatOutcome[]): Promise<void> {
  for (const { collection, gone } of chats) {
    if (gone.length > 0) await appendNotes(batch, collection, [{ run, gone: toRanges(gone) }]);
  }
}

async function noteRun(
  { batch, files }: ChatRun,
  options: {
    identity: Source;
    run: Run;
    sources: Sources;
    owner: readonly Account[];
    loose: readonly Attachment[];
  },
): Promise<void> {
  const { identity, run, sources, owner, loose } = options;
  const rows: Row[] = sources.sources.has(identity.id) ? [] : [{ source: identity }];
  rows.push({ started: run });
  for (const account of owner) rows.push({ run: run.id, account });
  for (const file of loose) rows.push({ run: run.id, file });
  const { id } = ensureCollection(batch, sourcesName);
  const digests = presentDigests([...owner.map(({ avatar }) => avatar), ...loose]);
  await appendNotes(batch, id, rows, await files.missingIn(id, digests));
}

/** Adds notes after all that a collection holds, in this batch too. */
async function appendNotes(
  batch: Batch,
  collection: string,
  rows: readonly Row[],
  files: readonly StoredAttachment[] = [],
): Promise<void> {
  const { history, deltas, buffer } = batch;
  const entry = batch.entries.get(collection) ?? history.entries.get(collection)!;
  const stored = history.entries.has(collection) ? await logOf(history, deltas, collection) : emptyLog;
  const log = buffer.logAfter(collection) ?? batch.manifests.get(collection)?.manifest.log ?? stored;
  await buffer.add(rowKeys(history.vault, entry), log, rows, files);
}

function reportProgress(
  report: Report | undefined,
  chats: readonly ChatOutcome[],
  files: AttachmentStore,
): void {
  const messages = chats.reduce((sum, chat) => sum + chat.incoming, 0);
  report?.({
    type: "progress",
    stage: "read",
    done: { chats: chats.length, messages, bytes: files.newBytes },
  });
}
