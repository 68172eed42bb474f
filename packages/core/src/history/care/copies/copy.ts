import { bytesToHex, KeepsakeError, throwIfAborted, type Bytes, type Report } from "../../../base/index.ts";
import {
  isDamage,
  isOfKeys,
  newestSnapshot,
  PackReader,
  readObject,
  type PutOptions,
  type Store,
  type Vault,
} from "../../../vault/index.ts";
import { keptInventory, type InventoryItem } from "../../state/inventory.ts";
import { loadHistory, type History } from "../../state/state.ts";
import { putHeads, relate, replaceObject } from "./heads.ts";

export interface CopyOptions {
  /**
   * Whether packs that both stores list with one size are read and compared, or passed over: reading all of a distant
   * copy takes as long as making it, and `check` reads a share of it at a time.
   */
  readonly reads?: "all" | "missing" | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
}

/** What a copy or a repair did, pack by pack. */
export interface CopyResult {
  readonly copiedPacks: number;
  readonly copiedBytes: number;
  /** Packs that were damaged in the one store and came whole from the other. */
  readonly healedHere: readonly string[];
  readonly healedThere: readonly string[];
  /** Packs that neither store holds whole. */
  readonly lost: readonly string[];
}

/**
 * Brings another store to the state of this one: packs first, then slot documents and heads, so that the copy is at
 * any moment a vault of some earlier version. Each pack is opened before it is taken, from whichever store has it whole.
 */
export async function copyTo(
  history: History,
  target: Store,
  options: CopyOptions = {},
): Promise<CopyResult> {
  if ((await relate(history.vault, { ...history.vault, store: target })).relation === "apart")
    throw new KeepsakeError("history.diverged");
  const result = await levelUntilWhole(history.vault, target, { ...options, isRepair: false });
  await putSlots(history.vault, history.vault.store, target);
  await putHeads(history.vault, { ...history.vault, store: target });
  return result;
}

/**
 * Puts back what is missing or damaged here from a second copy, whatever of the lists has to be read from there.
 * What both have lost is listed. The vault may have been opened from either store. Throws `history.diverged` where
 * the copy went another way: packs may be healed then, and the branch here stays.
 */
export async function repair(vault: Vault, second: Store, options: CopyOptions = {}): Promise<CopyResult> {
  const result = await levelUntilWhole(vault, second, { ...options, isRepair: true });
  await putSlots(vault, second, vault.store);
  // Heads last, when all that they name is there.
  await putHeads({ ...vault, store: second }, vault);
  return result;
}

/** Each round may bring back lists that name more. */
async function levelUntilWhole(
  vault: Vault,
  other: Store,
  options: CopyOptions & { readonly isRepair: boolean },
): Promise<CopyResult> {
  const total = emptyResult();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const healed = await levelPacks(vault, await wantedHistories(vault, other), other, options);
    total.healedHere.push(...healed.healedHere);
    total.healedThere.push(...healed.healedThere);
    total.copiedPacks += healed.copiedPacks;
    total.copiedBytes += healed.copiedBytes;
    total.lost = [...healed.lost];
    if (healed.healedHere.length === 0) break;
  }
  return total;
}

const MAX_ROUNDS = 8;

/** What both stores shall hold: the later one of their histories, or both where they are the same. */
async function wantedHistories(vault: Vault, other: Store): Promise<History[]> {
  const there = { ...vault, store: other };
  const [ours, theirs] = [await tryLoad(vault), await tryLoad(there)];
  if (ours === undefined && theirs === undefined)
    throw new KeepsakeError("vault.corrupt", { details: { what: "both-copies" } });
  if (ours === undefined || theirs === undefined) return [(ours ?? theirs)!];
  if (ours.snapshot.head.hash === theirs.snapshot.head.hash) return [ours, theirs];
  const { relation } = await relate(vault, there);
  return [relation === "behind" ? theirs : ours];
}

async function tryLoad(vault: Vault): Promise<History | undefined> {
  try {
    return await loadHistory(vault, await newestSnapshot(vault));
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function emptyResult(): {
  -readonly [K in keyof CopyResult]: CopyResult[K] extends readonly string[] ? string[] : CopyResult[K];
} {
  return { copiedPacks: 0, copiedBytes: 0, healedHere: [], healedThere: [], lost: [] };
}

async function levelPacks(
  vault: Vault,
  histories: readonly History[],
  other: Store,
  options: CopyOptions & { readonly isRepair: boolean },
): Promise<CopyResult> {
  const result = emptyResult();
  const isListedAlike = await comparedLists(vault.store, other, options);
  for (const [pack, items] of keysLast(await itemsByPack(histories))) {
    throwIfAborted(options.signal);
    // A list does not tell whether the token of a key pack is there.
    if (!holdsKeys(items) && isListedAlike(pack)) continue;
    const here = await wholePack(vault, vault.store, pack, items);
    if (here !== undefined && options.isRepair) continue;
    const there = await wholePack(vault, other, pack, items);
    const whole = here ?? there;
    if (whole === undefined) result.lost.push(pack);
    else if (here === undefined) {
      await replaceObject(vault.store, `packs/${pack}`, whole, knownOf(items));
      result.healedHere.push(pack);
    } else if (there === undefined) {
      if (await replaceObject(other, `packs/${pack}`, whole, knownOf(items))) result.healedThere.push(pack);
      result.copiedPacks++;
      result.copiedBytes += whole.length;
      const done = { objects: result.copiedPacks, bytes: result.copiedBytes };
      options.report?.({ type: "progress", stage: "copy", done });
    }
  }
  return result;
}

/** Whether both stores list a pack, with one size; nothing is where every pack is to be read. */
async function comparedLists(
  here: Store,
  there: Store,
  { reads = "all", signal }: CopyOptions,
): Promise<(pack: string) => boolean> {
  if (reads === "all") return () => false;
  const sizes = new Map<string, number>();
  for await (const { name, sizeBytes } of here.list("packs/", { signal })) sizes.set(name, sizeBytes);
  const alike = new Set<string>();
  for await (const { name, sizeBytes } of there.list("packs/", { signal }))
    if (sizes.get(name) === sizeBytes) alike.add(name);
  return (pack) => alike.has(`packs/${pack}`);
}

/** All that kept versions need, by pack. Lists that are damaged are passed over: check tells of them. */
async function itemsByPack(histories: readonly History[]): Promise<Map<string, InventoryItem[]>> {
  const byPack = new Map<string, InventoryItem[]>();
  for (const history of histories) {
    for await (const item of keptInventory(history, () => undefined)) {
      const items = byPack.get(item.ref[0]) ?? [];
      byPack.set(item.ref[0], items);
      items.push(item);
    }
  }
  return byPack;
}

/** What the owner knows of a pack by what it holds. */
function knownOf(items: readonly InventoryItem[]): PutOptions {
  return { holdsKeys: holdsKeys(items), week: weekOfPack(items) };
}

/** The newest week of the files in a pack; undefined where it holds anything that is kept for ever. */
function weekOfPack(items: readonly InventoryItem[]): number | undefined {
  let newest: number | undefined;
  for (const { week } of items) {
    if (week === undefined) return undefined;
    newest = Math.max(newest ?? week, week);
  }
  return newest;
}

/** Whether a pack belongs to the key directory alone. */
function holdsKeys(items: readonly InventoryItem[]): boolean {
  return items.every(({ spec }) => isOfKeys(spec.type));
}

/** Packs of the key directory come right before the head that names them. */
function keysLast(
  byPack: ReadonlyMap<string, readonly InventoryItem[]>,
): [string, readonly InventoryItem[]][] {
  const packs = [...byPack];
  return [
    ...packs.filter(([, items]) => !holdsKeys(items)),
    ...packs.filter(([, items]) => holdsKeys(items)),
  ];
}

/** The pack's bytes, if every object that is needed opens out of them; undefined if not. */
async function wholePack(
  { primitives }: Vault,
  store: Store,
  pack: string,
  items: readonly InventoryItem[],
): Promise<Bytes | undefined> {
  const file = await store
    .get(`packs/${pack}`, undefined, { holdsKeys: holdsKeys(items) })
    .catch((error: unknown) => {
      if (!isDamage(error)) throw error;
      return undefined;
    });
  if (file === undefined) return undefined;
  const reader = new PackReader({ ...store, get: async (_, range) => sliceOf(file, range) });
  for (const { spec, ref } of items) {
    try {
      await readObject(primitives, reader, spec, ref);
    } catch (error) {
      if (KeepsakeError.is(error, "vault.corrupt")) return undefined;
      throw error;
    }
  }
  return file;
}

function sliceOf(file: Bytes, range: { offset: number; length: number } | undefined): Bytes {
  return range === undefined ? file : file.slice(range.offset, range.offset + range.length);
}

/**
 * Slot documents that are missing; and the one that opened the vault, where something else lies in its place. A store
 * that refuses those with a password that can be guessed at does without them, but for the one that opened the vault:
 * throws `keys.offline-password`.
 */
export async function putSlots({ primitives, documentHash }: Vault, from: Store, to: Store): Promise<void> {
  const isTheOne = (file: Bytes): boolean => bytesToHex(primitives.sha256(file)) === documentHash;
  for await (const { name } of from.list("slots/")) {
    const file = await from.get(name);
    if (file === undefined) continue;
    const outcome = await to.put(name, file).catch((error: unknown) => {
      if (isTheOne(file) || !KeepsakeError.is(error, "keys.offline-password")) throw error;
      return "refused";
    });
    if (outcome !== "exists" || !isTheOne(file)) continue;
    const there = await to.get(name);
    if (there === undefined || !isTheOne(there)) await replaceObject(to, name, file);
  }
}
