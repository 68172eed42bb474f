import { textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import { addObject } from "../objects.ts";
import type { PackWriter, Ref } from "../pack/index.ts";
import type { EpochKeys } from "./keyring.ts";
import {
  directoryEntries,
  packsOf,
  specOf,
  type Directory,
  type DirectoryJson,
  type KeyEntry,
  type Page,
} from "./directory.ts";

const ENTRIES_A_PAGE = 256;

/** Adds or replaces entries by id. Where a key is replaced by another, it is dropped: see `dropEntries`. */
export function putEntries(directory: Directory, entries: readonly KeyEntry[]): Directory {
  const fresh = new Map(entries.map((entry) => [entry.id, entry]));
  const isDropping = directoryEntries(directory).some((entry) => losesKey(entry, fresh.get(entry.id)));
  const pages = directory.pages.map((page): Page => {
    if (!page.entries.some((entry) => fresh.has(entry.id))) return page;
    const changed = page.entries.map((entry) => fresh.get(entry.id) ?? entry);
    for (const entry of page.entries) fresh.delete(entry.id);
    return { entries: changed, ref: undefined };
  });
  for (const entry of fresh.values()) {
    const last = pages.at(-1);
    if (last === undefined || last.entries.length >= ENTRIES_A_PAGE)
      pages.push({ entries: [entry], ref: undefined });
    else pages[pages.length - 1] = { entries: [...last.entries, entry], ref: undefined };
  }
  return isDropping ? withFreshPages({ ...directory, pages }) : { ...directory, pages };
}

function losesKey(before: KeyEntry, after: KeyEntry | undefined): boolean {
  const keys = after && new Set(after.keys.map(([, key]) => key));
  return keys !== undefined && before.keys.some(([, key]) => !keys.has(key));
}

/**
 * Drops the keys of these ids. Every page is then written anew: a pack in which a page lies that stays may hold one as
 * it was before, and the newest directory must lie in no pack that holds a dropped key.
 */
export function dropEntries(directory: Directory, ids: ReadonlySet<string>): Directory {
  if (!directoryEntries(directory).some((entry) => ids.has(entry.id))) return directory;
  const pages = directory.pages.map((page): Page => {
    return { entries: page.entries.filter((entry) => !ids.has(entry.id)), ref: undefined };
  });
  return { ...directory, pages: pages.filter((page) => page.entries.length > 0) };
}

/** Every page written anew, as after a change of the state key. */
export function withFreshPages(directory: Directory): Directory {
  return { ...directory, pages: directory.pages.map((page) => ({ ...page, ref: undefined })) };
}

/** Pages lie in so many packs at most: in more, all of them are written anew. */
const MOST_PACKS = 32;

/**
 * Writes the pages that changed, then the directory: where it lies, and its value with every page stored. The writer's
 * packs must hold nothing else.
 */
export async function writeDirectory(
  primitives: Primitives,
  writer: PackWriter,
  options: { vaultId: Bytes; keys: EpochKeys },
  directory: Directory,
): Promise<{ ref: Ref; directory: Directory }> {
  const isTogether = directory.isApart && packsOf(directory).size < MOST_PACKS;
  const pages: { entries: readonly KeyEntry[]; ref: Ref }[] = [];
  for (const { ref, entries } of (isTogether ? directory : withFreshPages(directory)).pages) {
    const content = { bytes: toJson(entries) };
    const stored = ref ?? (await addObject(primitives, writer, specOf("page", options), content));
    pages.push({ entries, ref: stored });
  }
  const { past, devices } = directory;
  const json: DirectoryJson = {
    past,
    devices,
    pages: pages.map((page) => page.ref),
    apart: true,
  };
  const ref = await addObject(primitives, writer, specOf("directory", options), { bytes: toJson(json) });
  return { ref, directory: { ...directory, pages, isApart: true } };
}

function toJson(value: unknown): Bytes {
  return textToBytes(JSON.stringify(value));
}
