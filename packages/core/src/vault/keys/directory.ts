import { bytesToText, hexToBytes, KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import { readObject, type ObjectSpec } from "../objects.ts";
import { checkRef, type PackReader, type Ref } from "../pack/index.ts";
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

export interface Page {
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

export const emptyDirectory: Directory = { past: [], devices: [], pages: [], isApart: true };

export function directoryEntries(directory: Directory): KeyEntry[] {
  return directory.pages.flatMap((page) => page.entries);
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
export interface DirectoryJson {
  readonly past: Directory["past"];
  readonly devices: Directory["devices"];
  readonly pages: readonly Ref[];
  readonly apart?: boolean;
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

export function specOf(
  type: "page" | "directory",
  { vaultId, keys }: { vaultId: Bytes; keys: EpochKeys },
): ObjectSpec {
  return { type, vaultId, key: keys.state, epoch: keys.epoch };
}

function fromJson(bytes: Bytes): unknown {
  return JSON.parse(bytesToText(bytes));
}

export function packsOf({ pages }: Directory): Set<string> {
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
