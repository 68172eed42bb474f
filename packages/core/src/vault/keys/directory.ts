import {
  bytesToText,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import { addObject, readObject, type ObjectSpec } from "../objects.ts";
import { checkRef, type PackReader, type PackWriter, type Ref } from "../pack/index.ts";
import type { EpochKeys } from "./keyring.ts";

/** What the keys are for: the collection of a chat, of a kept folder, the one of sources and runs; a delta. */
type KeyKind = "chat" | "folder" | "sources" | "delta";

/**
 * The keys of one collection or delta. Deleting the entry is what forgets it: the directory is not versioned,
 * the newest one opens every snapshot.
 */
export interface KeyEntry {
  /** 16 random bytes in hex. */
  readonly id: string;
  readonly kind: KeyKind;
  /** A chat's id, the id of a kept folder's source: forgotten with the entry. Empty for the other kinds. */
  readonly name: string;
  /** Key in hex by generation, oldest first. New objects take the newest. A delta has one, of generation 0. */
  readonly keys: readonly (readonly [epoch: number, key: string])[];
  /** For a delta: where its index lies, so that a delta can be replaced in every snapshot that lists it. */
  readonly ref?: Ref;
  /**
   * What the owner of the collection wrote anew, by the digest of what it takes the place of: lists that cannot change
   * still name that one.
   */
  readonly moved?: readonly (readonly [from: string, to: object])[] | undefined;
}

interface Page {
  readonly entries: readonly KeyEntry[];
  /** Where it is stored; undefined if it changed since. */
  readonly ref: Ref | undefined;
}

/** FORMAT.md, "The key directory". Values of it are never changed in place. */
export interface Directory {
  /** Roots of earlier generations, in hex. */
  readonly past: readonly (readonly [epoch: number, root: string])[];
  /** What the owner calls each device, by writer. */
  readonly devices: readonly (readonly [writer: number, name: string])[];
  readonly pages: readonly Page[];
  /** Whether every page that is stored lies in a pack that holds nothing but pages and directories. */
  readonly isApart: boolean;
}

const ENTRIES_A_PAGE = 256;

export const emptyDirectory: Directory = { past: [], devices: [], pages: [], isApart: true };

export function directoryEntries(directory: Directory): KeyEntry[] {
  return directory.pages.flatMap((page) => page.entries);
}

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

/** The newest key of an entry. */
export function newestKey(entry: KeyEntry): { epoch: number; key: Bytes } {
  return entryKey(entry, entry.keys.at(-1)?.[0] ?? 0);
}

/** Throws `vault.corrupt` if the entry has no key of that generation. */
export function entryKey(entry: KeyEntry, epoch: number): { epoch: number; key: Bytes } {
  const hex = entry.keys.find(([each]) => each === epoch)?.[1];
  const key = hex === undefined ? undefined : hexToBytes(hex);
  if (key?.length !== 32) throw damaged("epoch");
  return { epoch, key };
}

/** What a written directory is: pages by ref, the rest in place. */
interface DirectoryJson {
  readonly past: Directory["past"];
  readonly devices: Directory["devices"];
  readonly pages: readonly Ref[];
  readonly apart?: boolean;
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

/** Reads the directory and its pages. Throws `vault.corrupt` or `store.not-found`. */
export async function readDirectory(
  primitives: Primitives,
  reader: PackReader,
  options: { vaultId: Bytes; keys: EpochKeys },
  ref: Ref,
): Promise<Directory> {
  const json = fromJson(
    await readObject(primitives, reader, specOf("directory", options), ref),
  ) as DirectoryJson;
  const pages: Page[] = [];
  for (const each of json.pages.map(checkRef)) {
    const entries = fromJson(await readObject(primitives, reader, specOf("page", options), each));
    if (!isListOf(entries, isEntry)) throw damaged("page");
    pages.push({ entries, ref: each });
  }
  return { past: json.past, devices: json.devices, pages, isApart: json.apart === true };
}

function isListOf<T>(value: unknown, isItem: (item: T) => boolean): value is T[] {
  return Array.isArray(value) && (value as T[]).every((item) => item !== null && isItem(item));
}

function isEntry({ id, kind, name, keys, ref }: KeyEntry): boolean {
  const isNamed = hexToBytes(id)?.length === 16 && typeof name === "string";
  const isKeyed = isListOf(keys, isKey) && keys.length > 0;
  if (!isNamed || !isKeyed) return false;
  if (kind === "delta") return keys.length === 1 && keys[0]![0] === 0 && checkRef(ref).length > 0;
  return (kind === "chat" || kind === "folder" || kind === "sources") && ref === undefined;
}

function isKey([epoch, key]: readonly [epoch: number, key: string]): boolean {
  return Number.isSafeInteger(epoch) && epoch >= 0 && hexToBytes(key)?.length === 32;
}

function damaged(what: string): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: `key-${what}` } });
}

function specOf(
  type: "page" | "directory",
  { vaultId, keys }: { vaultId: Bytes; keys: EpochKeys },
): ObjectSpec {
  return { type, vaultId, key: keys.state, epoch: keys.epoch };
}

function toJson(value: unknown): Bytes {
  return textToBytes(JSON.stringify(value));
}

function fromJson(bytes: Bytes): unknown {
  return JSON.parse(bytesToText(bytes));
}

function packsOf({ pages }: Directory): Set<string> {
  return new Set(pages.flatMap(({ ref }) => (ref === undefined ? [] : [ref[0]])));
}

/** The packs in which a stored directory lies, with its pages. */
export function directoryPacks(ref: Ref, directory: Directory): string[] {
  return [...packsOf(directory).add(ref[0])];
}

/** Where a stored directory and its pages lie. */
export function directoryRefs(
  ref: Ref,
  directory: Directory,
): { readonly ref: Ref; readonly type: "page" | "directory" }[] {
  const pages = directory.pages.flatMap((page) => (page.ref === undefined ? [] : [page.ref]));
  return [{ ref, type: "directory" }, ...pages.map((page) => ({ ref: page, type: "page" as const }))];
}
