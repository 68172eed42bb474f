import { bytesToHex, KeepsakeError, throwIfAborted, type Report } from "../../../base/index.ts";
import {
  emptyLog,
  isDamage,
  PackReader,
  type Head,
  type LogState,
  type Snapshot,
  type Store,
} from "../../../vault/index.ts";
import { storedAttachments } from "../../intake/attachments.ts";
import { readAttachment, type StoredAttachment } from "../../rows/attachments.ts";
import { writeAttachment } from "../../rows/write-attachments.ts";
import { RowReader } from "../../rows/read.ts";
import type { Row, Run } from "../../rows/row.ts";
import { joinChosen } from "../../state/choices.ts";
import { historyAt } from "../../state/snapshots.ts";
import { readSources } from "../../state/sources.ts";
import {
  collectionIds,
  collectionLike,
  rowKeys,
  type CollectionName,
  type History,
  type Root,
} from "../../state/state.ts";
import { logOf } from "../../write/logs.ts";
import { ensureCollection, newBatch, type Batch } from "../../write/batch.ts";
import { commitBatch } from "../../write/commit.ts";
import { putSlots } from "./copy.ts";
import { relate, type Relation } from "./heads.ts";
import { joinRows, type JoinedRows, type RowSink } from "./join-rows.ts";

export interface MergeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/** What a merge would bring over. */
export interface MergePlan {
  /** Only copies that went apart are merged. */
  readonly relation: Relation;
  readonly chats: readonly MergedChat[];
  readonly attachments: number;
  readonly attachmentBytes: number;
  /** Messages that were forgotten here, and stay so. */
  readonly leftOut: number;
  /** Chats that were forgotten here, and stay so. */
  readonly forgottenChats: number;
  /** Versions of the other copy since the two went apart: their content comes over, they themselves do not. */
  readonly versions: number;
}

/** What a chat gains. */
export interface MergedChat {
  readonly chat: string;
  readonly messages: number;
  readonly notes: number;
}

/** A head names so many of the heads that it merges: devices that saw one of them last know that nothing was lost. */
const MOST_PARENTS = 15;

/** Reads both and says what is missing here. `theirs`: the newest version of the other store, read with our keys. */
export async function planMerge(
  history: History,
  theirs: History,
  options: MergeOptions = {},
): Promise<MergePlan> {
  const apart = await whatIsApart(history, theirs);
  const { relation, skipped, heads } = apart;
  if (relation !== "apart") {
    const nothing = { attachments: 0, attachmentBytes: 0, leftOut: 0, forgottenChats: 0, versions: 0 };
    return { relation, chats: [], ...nothing };
  }
  const files = new Map<string, StoredAttachment>();
  const known = new Set([...(await storedAttachments(history)).values()].flat().map(({ sha256 }) => sha256));
  const chats: MergedChat[] = [];
  let leftOut = 0;
  const all = joinAll({ history, theirs, skipped }, () => countingSink(), options);
  for await (const { like, joined, missing } of all) {
    for (const file of missing) if (!known.has(file.sha256)) files.set(file.sha256, file);
    leftOut += joined.leftOut;
    const isChanged = joined.messages + joined.notes > 0 && like.kind === "chat";
    if (isChanged) chats.push({ chat: like.name, messages: joined.messages, notes: joined.notes });
  }
  const attachmentBytes = [...files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const counts = { attachments: files.size, attachmentBytes, leftOut };
  return { relation, chats, ...counts, forgottenChats: skipped.size, versions: heads.length };
}

/**
 * Brings over what the other copy has and ours has not, as a version that follows the newest ones of both: a copy of it
 * into the other store makes the two one again. What was forgotten here does not come back, and nothing of ours goes.
 */
export async function merge(
  history: History,
  theirs: History,
  options: MergeOptions = {},
): Promise<Snapshot | "raced"> {
  const { relation, heads, numbers, skipped } = await whatIsApart(history, theirs);
  if (relation !== "apart") throw new KeepsakeError("base.invalid", { details: { what: "not-apart" } });
  const batch = newBatch(withNames(history, theirs), { signal: options.signal });
  const files = new FileJoin(batch, theirs, await storedAttachments(history));
  const sinks = (like: CollectionName): BatchSink => new BatchSink(batch, like);
  for await (const { sink, missing } of joinAll({ history, theirs, skipped }, sinks, options)) {
    if (missing.length > 0) await sink.files(await files.bring(missing));
  }
  renewKeys(batch);
  await putSlots(history.vault, theirs.vault.store, history.vault.store);
  const rules = mergedRules(history.root.rules, theirs.root.rules);
  const keptForEver = mergedChats(history.root.keptForEver, theirs.root.keptForEver);
  const given = heads.map(({ number }) => number).filter((number) => !numbers.has(number));
  const forgotten = [...new Set([...history.root.forgotten, ...given])].sort((a, b) => a - b);
  return commitBatch(batch, {
    verb: "merge",
    merged: heads.slice(0, MOST_PARENTS),
    forgotten,
    rules,
    keptForEver,
    ...joinChosen(history.root, theirs.root),
  });
}

interface Apart {
  readonly relation: Relation;
  /** Heads of the other copy that ours does not go back to, the newest first. */
  readonly heads: readonly Head[];
  /** Numbers of the heads here. */
  readonly numbers: ReadonlySet<number>;
  /** Collections of theirs that were forgotten here. */
  readonly skipped: ReadonlySet<string>;
}

async function whatIsApart(history: History, theirs: History): Promise<Apart> {
  const { relation, here, there, reached } = await relate(history.vault, theirs.vault);
  const heads = there.filter(({ hash }) => !reached.has(hash));
  const common = there.find(({ hash }) => reached.has(hash));
  const skipped = new Set<string>();
  if (relation === "apart" && common !== undefined) {
    // A version that both had, of which nothing can be read any more, cannot say what was forgotten since.
    const before = await historyAt(theirs, common.number).catch((error: unknown) => {
      if (!isDamage(error)) throw error;
      return undefined;
    });
    for (const id of before === undefined ? [] : collectionIds(before))
      if (!history.entries.has(id)) skipped.add(id);
  }
  return { relation, heads, numbers: new Set(here.map(({ number }) => number)), skipped };
}

interface Joined<S> {
  readonly like: CollectionName;
  readonly sink: S;
  readonly joined: JoinedRows;
  /** Attachments that the new rows name and the collection here does not hold. */
  readonly missing: readonly StoredAttachment[];
}

/** Joins collection by collection. */
async function* joinAll<S extends RowSink>(
  { history, theirs, skipped }: { history: History; theirs: History; skipped: ReadonlySet<string> },
  sinkFor: (like: CollectionName) => S,
  { signal, report }: MergeOptions,
): AsyncGenerator<Joined<S>> {
  const [ours, others] = [new RowReader(history), new RowReader(theirs)];
  const runs = new Map<string, Run>();
  for (const reader of [ours, others])
    for (const run of (await readSources(reader)).runs) runs.set(run.id, run);
  const [ourFiles, theirFiles] = [await storedAttachments(history), await storedAttachments(theirs)];
  const done = { chats: 0, messages: 0 };
  for (const id of collectionIds(theirs)) {
    throwIfAborted(signal);
    if (skipped.has(id)) continue;
    const like = theirs.entries.get(id)!;
    const own = collectionLike(history, like);
    const sink = sinkFor(like);
    const side = own === undefined ? undefined : { reader: ours, collection: own };
    const options = { sink, runs, rules: history.root.rules };
    const joined = await joinRows(side, { reader: others, collection: id }, options);
    const known = new Set((ourFiles.get(own ?? "") ?? []).map(({ sha256 }) => sha256));
    // Of a kept folder all comes over: its lists name contents too.
    const isWanted = ({ sha256 }: StoredAttachment): boolean =>
      like.kind === "folder" || joined.files.has(sha256);
    const missing = (theirFiles.get(id) ?? []).filter((file) => isWanted(file) && !known.has(file.sha256));
    yield { like, sink, joined, missing };
    done.chats++;
    done.messages += joined.messages;
    report?.({ type: "progress", stage: "read", done: { ...done } });
  }
}

function countingSink(): RowSink {
  // Leaves that no log has: a plan needs them apart from each other, no more.
  let next = Number.MAX_SAFE_INTEGER / 2;
  return {
    async messages(rows) {
      next += rows.length;
      return next - rows.length;
    },
    async notes() {},
  };
}

/** Writes rows of one collection into deltas. */
class BatchSink implements RowSink {
  readonly #batch: Batch;
  readonly #like: CollectionName;
  #log: LogState | undefined;

  constructor(batch: Batch, like: CollectionName) {
    this.#batch = batch;
    this.#like = like;
  }

  async messages(rows: readonly Row[]): Promise<number> {
    const { count } = await this.#logNow();
    await this.#add(rows);
    return count;
  }

  notes(rows: readonly Row[]): Promise<void> {
    return this.#add(rows);
  }

  files(files: readonly StoredAttachment[]): Promise<void> {
    return this.#add([], files);
  }

  async #add(rows: readonly Row[], files: readonly StoredAttachment[] = []): Promise<void> {
    const { history, buffer } = this.#batch;
    const keys = rowKeys(history.vault, ensureCollection(this.#batch, this.#like));
    this.#log = await buffer.add(keys, await this.#logNow(), rows, files);
  }

  async #logNow(): Promise<LogState> {
    const { history, deltas } = this.#batch;
    const own = collectionLike(history, this.#like);
    this.#log ??= own === undefined ? emptyLog : await logOf(history, deltas, own);
    return this.#log;
  }
}

/** Brings contents over, each once, and read to its last byte. */
class FileJoin {
  readonly #batch: Batch;
  readonly #theirs: History;
  readonly #known: Map<string, StoredAttachment>;

  constructor(batch: Batch, theirs: History, stored: ReadonlyMap<string, readonly StoredAttachment[]>) {
    this.#batch = batch;
    this.#theirs = theirs;
    this.#known = new Map([...stored.values()].flat().map((file) => [file.sha256, file]));
  }

  async bring(missing: readonly StoredAttachment[]): Promise<StoredAttachment[]> {
    const { primitives, id, store } = this.#theirs.vault;
    const brought: StoredAttachment[] = [];
    for (const file of missing) {
      const content = readAttachment(primitives, new PackReader(store), id, file);
      const stored =
        this.#known.get(file.sha256) ??
        (await writeAttachment(primitives, this.#batch.files, id, { content, week: file.week }));
      this.#known.set(file.sha256, stored);
      brought.push(stored);
    }
    return brought;
  }
}

/** With what the owner called the other copy's devices. */
function withNames(history: History, theirs: History): History {
  const { directory } = history.snapshot;
  const devices = [...new Map([...theirs.snapshot.directory.devices, ...directory.devices])];
  return { ...history, snapshot: { ...history.snapshot, directory: { ...directory, devices } } };
}

/** Where the keys were rotated in the other copy, collections here get keys of the new generation too. */
function renewKeys({ history, entries }: Batch): void {
  const { primitives, keyring } = history.vault;
  const { epoch } = keyring.newest;
  if (history.snapshot.head.epoch === epoch) return;
  for (const entry of history.entries.values()) {
    if (entry.ref !== undefined || entry.keys.some(([each]) => each === epoch)) continue;
    entries.set(entry.id, { ...entry, keys: [...entry.keys, [epoch, bytesToHex(primitives.random(32))]] });
  }
}

/** What either of them keeps for ever. */
function mergedChats(ours: Root["keptForEver"], theirs: Root["keptForEver"]): Root["keptForEver"] {
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  return [...new Set([...ours, ...theirs])];
}

function mergedRules(ours: Root["rules"], theirs: Root["rules"]): Root["rules"] {
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  return [...new Map([...ours, ...theirs].map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** Of names that are numbers of one length; empty where there is none. */
function newestOf(names: Iterable<string>): string {
  return [...names].reduce((newest, name) => (name > newest ? name : newest), "");
}

/**
 * The store here with the key documents of the other, where keys were changed over there since; undefined where there
 * is nothing newer. Throws `keys.diverged` where both changed them, or where the other holds another vault.
 */
export async function withNewerKeys(here: Store, there: Store): Promise<Store | undefined> {
  const documents = async (store: Store): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for await (const { name } of store.list("slots/")) {
      const file = await store.get(name);
      if (file !== undefined) found.set(name, bytesToHex(file));
    }
    return found;
  };
  const [ours, theirs] = [await documents(here), await documents(there)];
  for (const [name, file] of theirs)
    if (ours.has(name) && ours.get(name) !== file) throw new KeepsakeError("keys.diverged");
  // A server refuses some older documents, so that what is missing here need not be newer.
  if (newestOf(theirs.keys()) <= newestOf(ours.keys())) return undefined;
  const isKeys = (name: string): boolean => name.startsWith("slots/");
  return {
    ...here,
    list: (prefix, options) => (isKeys(prefix) ? there : here).list(prefix, options),
    get: (name, range, options) => (isKeys(name) ? there : here).get(name, range, options),
  };
}
