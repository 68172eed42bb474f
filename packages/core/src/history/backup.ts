import {
  bytesToHex,
  KeepsakeError,
  Tails,
  throwIfAborted,
  type Finding,
  type Report,
} from "../base/index.ts";
import type { Account, Attachment, ReadSteps, ReadMemory, SourceFile, SourceInfo } from "../model/index.ts";
import {
  emptyLog,
  newestSnapshot,
  publishSame,
  type Snapshot,
  type StoredPack,
  type Vault,
} from "../vault/index.ts";
import { prove, type Proof } from "./proof.ts";
import type { Readings } from "./readings.ts";
import type { StoredAttachment } from "./rows/attachments.ts";
import type { RowSealer } from "./rows/seal-rows.ts";
import type { Row, Run, Source } from "./rows/row.ts";
import { folderName, readFolder } from "./state/folders.ts";
import { isForgotten } from "./state/rules.ts";
import { readSources, sourceOf, type Sources } from "./state/sources.ts";
import { collectionLike, loadHistory, logOf, rowKeys, sourcesName, type History } from "./state/state.ts";
import { AttachmentStore, type StampCache } from "./intake/attachments.ts";
import { ensureCollection, newBatch, type Batch } from "./write/batch.ts";
import { backupChat, presentDigests, type ChatOutcome, type ChatRun } from "./write/chat.ts";
import { commitBatch } from "./write/commit.ts";
import { ChatStream } from "./intake/events.ts";
import { fileFiller } from "./intake/files.ts";
import { FolderIntake, type FolderOutcome, type FolderRows } from "./intake/folder.ts";
import { FilesInPlace, type FileSealer, type FileSealerStart } from "./intake/seal-files.ts";
import { Memory, type Memo, type MemoStore } from "./intake/memory.ts";
import { LostMemory } from "./intake/join.ts";
import { Resume } from "./write/resume.ts";
import { findShrink, type Shrink } from "./intake/shrink.ts";
import { toRanges } from "./intake/witness.ts";

export interface BackupSource {
  /** The name that the person confirmed, such as "my iPhone". */
  readonly name: string;
  /** Opens the source from its beginning; called again where another device was quicker. */
  read(memory?: ReadMemory): ReadSteps;
  /** SHA-256 over the files with their sizes and times, hex: the same as at the last run means nothing changed. */
  readonly fingerprint?: string | undefined;
}

export interface BackupOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  readonly stamps?: StampCache | undefined;
  /** What the reader kept of this source at its last run on this device, so that it passes over what is as it was. */
  readonly memos?: MemoStore | undefined;
  /** What this device remembers of what was read back. */
  readonly readings?: Readings | undefined;
  /** Where segments are sealed; in place if absent. */
  readonly seal?: RowSealer | undefined;
  /** Starts what seals files; they are sealed in place if absent. */
  readonly sealFiles?: ((start: FileSealerStart) => FileSealer) | undefined;
  /** Whether a shrunk source is taken at its word: what it does not show any more is marked as deleted there. */
  readonly acceptShrink?: boolean | undefined;
  /** Read the source even if its fingerprint is that of the last run. */
  readonly reread?: boolean | undefined;
}

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
    const same = options.reread === true ? undefined : unchangedSource(work.sources, source);
    const stored = same === undefined ? await storeSource(work, source, options) : undefined;
    const snapshot = stored?.snapshot ?? (await publishSame(vault, history.snapshot, "backup"));
    if (snapshot === "raced") return "raced";
    await work.resume.finish();
    if (stored !== undefined) await options.memos?.save(stored.memo);
    const proof = await prove(vault, { ...options, written: new Set(work.packs.map(({ name }) => name)) });
    const found = stored ?? { ...nothingStored, identity: same! };
    return { ...outcomeOf(work, found), snapshot, isUnchanged: stored === undefined, proof };
  } finally {
    await stream.stop();
  }
}

const nothingStored = { chats: [], shrink: undefined, folder: undefined };

function outcomeOf(
  { findings, packs, files }: Work,
  { identity, chats, shrink, folder }: Pick<StoredSource, "identity" | "chats" | "shrink" | "folder">,
): Omit<BackupResult, "snapshot" | "isUnchanged" | "proof"> {
  const newFiles = { count: files.newFiles, bytes: files.newBytes };
  return { source: identity, chats, shrink, folder, findings, packs, newFiles };
}

/** What one attempt works with. */
interface Work {
  readonly history: History;
  readonly resume: Resume;
  readonly batch: Batch;
  readonly files: AttachmentStore;
  readonly stream: ChatStream;
  readonly memory: Memory | undefined;
  readonly sources: Sources;
  readonly packs: StoredPack[];
  readonly findings: Finding[];
  readonly onFinding: (finding: Finding) => void;
  readonly loose: Attachment[];
}

async function openWork(vault: Vault, source: BackupSource, options: BackupOptions): Promise<Work> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const resume = await Resume.open(vault, history.root);
  const packs: StoredPack[] = [];
  const onStored = (pack: StoredPack): Promise<void> => {
    packs.push(pack);
    return resume.noteStored(pack);
  };
  const batch = newBatch(history, { ...options, onStored, resume });
  const files = new AttachmentStore(history, {
    start: (known) => startSealer(vault, { known, onStored }, options),
    stamps: options.stamps,
    resume,
  });
  const findings: Finding[] = [];
  const onFinding = (finding: Finding): void => {
    findings.push(finding);
    options.report?.({ type: "finding", finding });
  };
  const loose: Attachment[] = [];
  const filler = fileFiller(files, {
    onFinding,
    onLoose: (attachment) => loose.push(attachment),
    isLeftOut: (message) => isForgotten(history.root.rules, message),
  });
  const sources = await readSources(batch.reader);
  const memory = await Memory.open(vault, sources, { name: source.name, memos: options.memos });
  const allowed = options.reread === true ? memory?.forgetful() : memory;
  const stream = new ChatStream(source.read(allowed), filler, onFinding);
  return {
    history,
    resume,
    batch,
    files,
    stream,
    memory: allowed,
    sources,
    packs,
    findings,
    onFinding,
    loose,
  };
}

function startSealer(
  vault: Vault,
  started: Pick<FileSealerStart, "known" | "onStored">,
  { signal, sealFiles = (start) => new FilesInPlace(vault, start) }: BackupOptions,
): FileSealer {
  const { pack: key, epoch } = vault.keyring.newest;
  return sealFiles({ ...started, packs: { vaultId: vault.id, key, epoch }, signal });
}

interface StoredSource {
  readonly snapshot: Snapshot | "raced";
  readonly identity: Source;
  readonly chats: readonly ChatOutcome[];
  readonly shrink: Shrink | undefined;
  readonly folder: FolderOutcome | undefined;
  /** What the reader kept; undefined where the vault does not agree with what it saw. */
  readonly memo: Memo | undefined;
}

/** Reads the source chat by chat into a new version. */
async function storeSource(work: Work, source: BackupSource, options: BackupOptions): Promise<StoredSource> {
  const { history, resume, batch, files, stream, sources, loose } = work;
  const info = await stream.start();
  const identity = sourceOf(history.vault.primitives, info, source.name);
  const before = sources.runs.filter((each) => each.source === identity.id);
  const folder = await openFolder(work, identity, sources);
  // What a folder holds goes by the time of its runs, so that each begins after those before it.
  const begun =
    folder === undefined
      ? resume.unfinishedRun(identity.id, new Set(sources.runs.map(({ id }) => id)))
      : undefined;
  const after = folder === undefined ? undefined : Math.max(...before.map(({ asOf }) => asOf));
  const run = newRun(history.vault, identity, { info, fingerprint: source.fingerprint, begun, after });
  resume.begin(run);
  const ownRuns = new Set(before.map(({ id }) => id)).add(run.id);
  const tails = new Tails(CHATS_AT_ONCE);
  const context: ChatRun = { batch, files, tails, run: run.id, isOwnRun: (id) => ownRuns.has(id) };
  const chats: ChatOutcome[] = [];
  const keep = (entry: SourceFile | string): Promise<void> => {
    if (folder === undefined) throw new KeepsakeError("base.invalid", { details: { what: "kept-late" } });
    return folder.keep(entry);
  };
  try {
    for await (const chat of stream.chats(keep)) {
      throwIfAborted(options.signal);
      chats.push(await backupChat(context, chat));
      reportProgress(options.report, chats, files);
    }
  } finally {
    await tails.settle();
  }
  const kept = await folder?.finish(run.id, options.acceptShrink === true);
  if (kept !== undefined) await noteFolder(context, identity, kept);
  const shrink = await findShrink(context, chats);
  const isAgreed = shrink === undefined || options.acceptShrink === true;
  if (isAgreed) await noteGone(context, chats);
  await noteRun(context, { identity, run, sources, owner: stream.accounts, loose });
  await files.flush();
  const snapshot = await commitBatch(batch, { verb: "backup" });
  const text = isAgreed ? work.memory?.kept : undefined;
  const memo = text === undefined ? undefined : { run: run.id, text };
  return { snapshot, identity, chats, shrink, folder: kept?.outcome, memo };
}

/** The source of that name whose files are, by the fingerprint, what they were at its last run. */
function unchangedSource(
  { sources, runs }: Sources,
  { name, fingerprint }: BackupSource,
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
