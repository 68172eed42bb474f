import type { RowReader } from "../rows/read.ts";
import { isKeptFile, type KeptEntry } from "../rows/kept.ts";
import type { Placed, Run, Source } from "../rows/row.ts";
import { readSources, type Sources } from "./sources.ts";
import { collectionIds, collectionLike, type CollectionName, type History } from "./state.ts";

/** A kept folder of a version. */
export interface Folder {
  readonly source: Source;
  readonly collection: string;
}

/** The collection of a source that is a kept folder. */
export function folderName(source: Source): CollectionName {
  return { kind: "folder", name: source.id };
}

/** The kept folders of a version, in order of name. */
function foldersOf(history: History, { sources }: Sources): Folder[] {
  const folders = [...sources.values()].flatMap((source): Folder[] => {
    const collection = collectionLike(history, folderName(source));
    return collection === undefined ? [] : [{ source, collection }];
  });
  return folders.sort((a, b) => (a.source.name < b.source.name ? -1 : 1));
}

/** Whether the collection is a kept folder's. */
export function isFolder({ entries }: History, collection: string): boolean {
  return entries.get(collection)?.kind === "folder";
}

/** All kept folders of a version with what they hold. */
export async function readFolders(
  reader: RowReader,
): Promise<(Folder & { readonly entries: ReadonlyMap<string, KeptEntry> })[]> {
  // Most vaults keep none: then the sources need not be read.
  if (!collectionIds(reader.history).some((id) => isFolder(reader.history, id))) return [];
  const sources = await readSources(reader);
  return Promise.all(
    foldersOf(reader.history, sources).map(async (folder) => ({
      ...folder,
      entries: await readFolder(reader, folder.collection, sources.runs),
    })),
  );
}

/** What a folder holds, by path: of what was said of a path, the word of the latest run. */
export async function readFolder(
  reader: RowReader,
  collection: string,
  runs: readonly Run[],
): Promise<ReadonlyMap<string, KeptEntry>> {
  const times = new Map(runs.map(({ id, asOf }) => [id, asOf]));
  const timeOf = (row: Placed): number => ("run" in row ? (times.get(row.run) ?? 0) : 0);
  const rows = (await reader.notes(collection)).sort((a, b) => timeOf(a) - timeOf(b) || a.leaf - b.leaf);
  const entries = new Map<string, KeptEntry>();
  for (const row of rows) {
    if ("kept" in row) entries.set(row.kept.path, row.kept);
    if ("removed" in row) entries.delete(row.removed);
  }
  return entries;
}

/** What a folder amounts to. */
export interface FolderSummary {
  readonly files: number;
  readonly bytes: number;
  /** When the newest of its files was written to, milliseconds. */
  readonly newest: number | null;
}

export function summaryOfFolder(entries: ReadonlyMap<string, KeptEntry>): FolderSummary {
  const files = [...entries.values()].filter(isKeptFile);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const newest = files.reduce((most, { modifiedUs = 0 }) => Math.max(most, modifiedUs), 0);
  return { files: files.length, bytes, newest: newest === 0 ? null : Math.floor(newest / 1000) };
}
