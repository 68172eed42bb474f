import { KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import type { SlotDocument } from "../keys/document.ts";
import type { Keyring } from "../keys/keyring.ts";
import { nameNumber, numberName } from "../store/names.ts";
import type { Store } from "../store/store.ts";
import { decodeHead, type Head } from "./head.ts";

/** What reading a vault's heads takes. */
export interface HeadSource {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly id: Bytes;
  readonly keyring: Keyring;
  readonly document: SlotDocument;
}

const HEAD_LIMIT_BYTES = 64 * 1024;

/** The numbers under which files lie where heads lie, the newest first. */
export async function headNumbers(store: Store): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { name } of store.list("heads/")) {
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
export async function newestHead(
  source: HeadSource,
  anchor?: { number: number; hash: string },
): Promise<Head> {
  const heads = allHeads(source);
  const { value: newest } = (await heads.next()) as IteratorResult<Head, undefined>;
  if (newest === undefined && anchor === undefined) {
    throw new KeepsakeError("vault.corrupt", { details: { what: "no-head" } });
  }
  if (newest === undefined || (anchor !== undefined && !(await follows(newest, heads, anchor)))) {
    throw new KeepsakeError("vault.rolled-back", { details: { seen: anchor!.number } });
  }
  return newest;
}

/** Whether the anchor is the newest head or one that it goes back to, through the heads before it. */
async function follows(
  newest: Head,
  earlier: AsyncIterable<Head>,
  anchor: { number: number; hash: string },
): Promise<boolean> {
  const ancestors = new Set([newest.hash, ...newest.parents]);
  if (ancestors.has(anchor.hash)) return true;
  for await (const head of earlier) {
    if (head.number < anchor.number) break;
    if (ancestors.has(head.hash)) for (const parent of head.parents) ancestors.add(parent);
    if (ancestors.has(anchor.hash)) return true;
  }
  return false;
}

/** Every head of the store that is one of this vault, the newest first. */
export async function* allHeads(source: HeadSource): AsyncGenerator<Head> {
  for (const number of await headNumbers(source.store)) {
    const head = await readHead(source, number);
    if (head !== undefined) yield head;
  }
}
