import { KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import type { SlotDocument } from "../keys/document.ts";
import type { Keyring } from "../keys/keyring.ts";
import { nameNumber, numberName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import type { Anchor } from "../vault.ts";
import { decodeHead, type Head } from "./head.ts";

/** What reading a vault's heads takes. */
export interface HeadSource {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly id: Bytes;
  readonly keyring: Keyring;
  readonly document: SlotDocument;
  /** A number from which on there was a head. */
  readonly newest?: number;
}

const HEAD_LIMIT_BYTES = 64 * 1024;

/** The numbers under which files lie where heads lie, the newest first; smaller ones than `from` may be left out. */
export async function headNumbers(store: Store, from = 1): Promise<number[]> {
  const numbers: number[] = [];
  const after = from > 1 ? `heads/${numberName(from - 1)}` : undefined;
  for await (const { name } of store.list("heads/", { after })) {
    const number = nameNumber(name.slice("heads/".length));
    if (number !== undefined) numbers.push(number);
  }
  return numbers.sort((a, b) => b - a);
}

/** The head of that number; undefined if there is none, or what lies there is no head of this vault. */
export async function readHead(source: HeadSource, number: number): Promise<Head | undefined> {
  const { primitives, store, id: vaultId, keyring, document } = source;
  const file = await store.get(`heads/${numberName(number)}`, { offset: 0, length: HEAD_LIMIT_BYTES });
  if (file === undefined) return undefined;
  return decodeHead(primitives, { vaultId, keyring, document }, number, file);
}

/**
 * The newest head. What is no head of this vault counts as never written.
 * Throws `vault.rolled-back` where the head that the device saw last is not among its ancestors.
 */
export async function newestHead(source: HeadSource, anchor?: Anchor): Promise<Head> {
  if (anchor !== undefined) return newestSince(source, anchor);
  const newest = (await firstOf(allHeads(source, source.newest))) ?? (await firstOf(allHeads(source)));
  if (newest === undefined) throw new KeepsakeError("vault.corrupt", { details: { what: "no-head" } });
  return newest;
}

/** The heads before the anchor say nothing of it, and each backup adds one: they are not asked for. */
async function newestSince(source: HeadSource, anchor: Anchor): Promise<Head> {
  const heads = allHeads(source, anchor.number);
  const newest = await firstOf(heads);
  if (newest === undefined || !(await follows(newest, heads, anchor)))
    throw new KeepsakeError("vault.rolled-back", { details: { seen: anchor.number } });
  return newest;
}

async function firstOf(heads: AsyncGenerator<Head, undefined>): Promise<Head | undefined> {
  return (await heads.next()).value;
}

/** Whether the anchor is the newest head or one that it goes back to, through the heads before it. */
async function follows(newest: Head, earlier: AsyncIterable<Head>, anchor: Anchor): Promise<boolean> {
  const ancestors = new Set([newest.hash, ...newest.parents]);
  if (ancestors.has(anchor.hash)) return true;
  for await (const head of earlier) {
    if (head.number < anchor.number) break;
    if (ancestors.has(head.hash)) for (const parent of head.parents) ancestors.add(parent);
    if (ancestors.has(anchor.hash)) return true;
  }
  return false;
}

/** Every head of the store that is one of this vault, the newest first; smaller numbers than `from` may be left out. */
export async function* allHeads(source: HeadSource, from?: number): AsyncGenerator<Head, undefined> {
  for (const number of await headNumbers(source.store, from)) {
    const head = await readHead(source, number);
    if (head !== undefined) yield head;
  }
  return undefined;
}
