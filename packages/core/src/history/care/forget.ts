import { PackReader, putEntries, type KeyEntry, type Snapshot } from "../../vault/index.ts";
import { RowReader } from "../rows/read.ts";
import { readFolders } from "../state/folders.ts";
import { readDeltaAttachments, readDeltaIndex, readDeltaRows } from "../state/delta.ts";
import { writeDelta, type DeltaDraft } from "../state/write-delta.ts";
import { closedDeltas, keptHistories, listSnapshots } from "../state/snapshots.ts";
import type { History } from "../state/state.ts";
import { newBatch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";
import { dropNotes } from "../write/resume.ts";

/** How many versions of which kind are kept; the newest always is. */
export interface KeepRule {
  readonly last?: number | undefined;
  readonly daily?: number | undefined;
  readonly monthly?: number | undefined;
  readonly yearly?: number | undefined;
  /** Whether versions are given up as well that hold what no kept one holds. */
  readonly alsoUnique?: boolean | undefined;
}

/** Numbers of heads. */
export interface ForgetPlan {
  readonly keep: readonly number[];
  readonly forget: readonly number[];
  /** Of those that are kept: the ones that the rule would give up, and that hold what no other kept version holds. */
  readonly unique: readonly number[];
}

interface Dated {
  readonly number: number;
  readonly time: number;
}

/**
 * Which versions a rule would give up. Versions of little worth cannot push good ones out, however many there are and
 * whatever dates they state: what a version holds and no kept one does, keeps it.
 */
export async function planForgetSnapshots(history: History, rule: KeepRule): Promise<ForgetPlan> {
  const keep = new Set([history.snapshot.head.number]);
  const rest = await datedVersions(history);
  for (const { number } of rest.slice(0, rule.last ?? 0)) keep.add(number);
  const periods: readonly (readonly [count: number | undefined, length: number])[] = [
    [rule.daily, 10],
    [rule.monthly, 7],
    [rule.yearly, 4],
  ];
  for (const [count, length] of periods) {
    for (const number of newestOfEach(rest, length).slice(0, count ?? 0)) keep.add(number);
  }
  const unique = rule.alsoUnique === true ? [] : await uniqueVersions(history, keep);
  for (const number of unique) keep.add(number);
  const forget = rest.map(({ number }) => number).filter((number) => !keep.has(number));
  return { keep: [...keep], forget, unique };
}

/** Versions, the newest first. None is older than one before it, nor younger than now: a writer may state any date. */
async function datedVersions(history: History): Promise<Dated[]> {
  const listed: Dated[] = [];
  for await (const { head, isForgotten } of listSnapshots(history)) if (!isForgotten) listed.push(head);
  const now = history.vault.clock.now();
  let least = -Infinity;
  const oldestFirst = listed.reverse().map(({ number, time }): Dated => {
    least = Math.max(least, Math.min(time, now));
    return { number, time: least };
  });
  return oldestFirst.reverse();
}

/** Versions, the newest first, of which no kept one holds every row; each of them covers those before it. */
async function uniqueVersions(history: History, keep: ReadonlySet<number>): Promise<number[]> {
  const kept: Holding[] = [];
  const others: (Holding & { readonly number: number })[] = [];
  for await (const version of keptHistories(history)) {
    const { number, root } = version.snapshot.head;
    const holding = { rows: rowCounts(version), files: await folderFiles(version) };
    if (keep.has(number) || root.join() === history.snapshot.head.root.join()) kept.push(holding);
    else others.push({ number, ...holding });
  }
  const unique: number[] = [];
  for (const { number, rows, files } of others) {
    const hasRows = kept.some((each) => [...rows].every(([id, count]) => (each.rows.get(id) ?? 0) >= count));
    const hasFiles = [...files].every((file) => kept.some((each) => each.files.has(file)));
    if (hasRows && hasFiles) continue;
    unique.push(number);
    kept.push({ rows, files });
  }
  return unique;
}

/** What a version holds: how many rows of each collection, and which files of kept folders, whatever their state. */
interface Holding {
  readonly rows: ReadonlyMap<string, number>;
  readonly files: ReadonlySet<string>;
}

async function folderFiles(version: History): Promise<Set<string>> {
  const files = new Set<string>();
  for (const { collection, entries } of await readFolders(new RowReader(version)))
    for (const path of entries.keys()) files.add(`${collection} ${path}`);
  return files;
}

/** How many rows each collection's log has: rows are only ever added. */
function rowCounts({ tree, deltas, entries }: History): Map<string, number> {
  const counts = new Map([...tree.values()].map(({ id, logCount }) => [id, logCount]));
  for (const { index } of deltas) {
    for (const { collection, leaf, rows } of index.parts)
      if (entries.has(collection)) counts.set(collection, leaf + rows);
  }
  return counts;
}

/** The newest version of each day, month or year: as much of the date as `length` characters say. */
function newestOfEach(newestFirst: readonly Dated[], length: number): number[] {
  const firsts = new Map<string, number>();
  for (const { number, time } of newestFirst) {
    const period = new Date(time).toISOString().slice(0, length);
    if (!firsts.has(period)) firsts.set(period, number);
  }
  return [...firsts.values()];
}

/** Gives up versions. Their heads stay; what only they needed is for prune. */
export function forgetSnapshots(history: History, numbers: readonly number[]): Promise<Snapshot | "raced"> {
  const forgotten = [...new Set([...history.root.forgotten, ...numbers])]
    .filter((number) => number !== history.snapshot.head.number)
    .sort((a, b) => a - b);
  return commitBatch(newBatch(history), { verb: "forget", forgotten });
}

/**
 * Forgets chats in every version: deltas that hold some of their rows are written anew without them, under their
 * old ids, and the keys of the chats are dropped. What is left of them in packs opens for nobody.
 */
export async function forgetChats(
  history: History,
  collections: ReadonlySet<string>,
): Promise<Snapshot | "raced"> {
  const batch = newBatch(history);
  const rewritten: KeyEntry[] = [];
  const closed = await closedDeltas(history);
  for (const entry of history.entries.values()) {
    if (entry.ref === undefined || closed.has(entry.id)) continue;
    const without = await deltaWithout(history, entry, { collections, writer: batch.state });
    if (without !== undefined) rewritten.push(without);
  }
  const directory = putEntries(history.snapshot.directory, rewritten);
  const changed: History = { ...history, snapshot: { ...history.snapshot, directory } };
  const forgotten = await commitBatch(
    { ...batch, history: changed },
    { verb: "forget-chats", dropped: new Set([...collections, ...closed]) },
  );
  if (forgotten !== "raced") await dropNotes(history.vault, collections);
  return forgotten;
}

async function deltaWithout(
  history: History,
  entry: KeyEntry,
  { collections, writer }: { collections: ReadonlySet<string>; writer: Parameters<typeof writeDelta>[1] },
): Promise<KeyEntry | undefined> {
  const { primitives, store, id: vaultId } = history.vault;
  const reader = new PackReader(store);
  const index = await readDeltaIndex(primitives, reader, vaultId, entry);
  if (!index.parts.some((part) => collections.has(part.collection))) return undefined;
  const options = { vaultId, entry, index };
  const rows = await readDeltaRows(primitives, reader, options);
  const files = await readDeltaAttachments(primitives, reader, options);
  const drafts = index.parts
    .filter((part) => !collections.has(part.collection))
    .map((part): DeltaDraft => {
      const attachments = files.get(part.collection) ?? [];
      return { ...part, rows: rows.get(part.collection) ?? [], attachments };
    });
  return (await writeDelta(primitives, writer, { vaultId, id: entry.id }, drafts)).entry;
}
