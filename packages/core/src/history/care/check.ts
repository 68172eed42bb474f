import { bytesToHex, inSteps, KeepsakeError, throwIfAborted, type Report } from "../../base/index.ts";
import { contentDigest } from "../../model/index.ts";
import {
  allHeads,
  appendLeaves,
  emptyLog,
  isDamage,
  isLadderSize,
  logRoot,
  PackReader,
  readObject,
  readPackDirectory,
  type Head,
  type Vault,
} from "../../vault/index.ts";
import { placesOf, readingOf, type Readings } from "../readings.ts";
import { chatCollections } from "../state/chats.ts";
import { MissingPacks, type GoneFiles } from "../state/gone.ts";
import { keptInventory, type InventoryItem } from "../state/inventory.ts";
import { RowReader } from "../rows/read.ts";
import { isMessageRow, type Placed } from "../rows/row.ts";
import { digestOf } from "../rows/write-segment.ts";
import { leavesOf } from "../rows/leaves.ts";
import { collectionIds, manifestOf, rowKeys, type History } from "../state/state.ts";
import { contentRootOf, logRoots } from "../write/logs.ts";

/** How far a check goes: that all is there; that a sample opens too; that every byte opens and every message counts. */
export type CheckLevel = "structure" | "sample" | "full";

export interface CheckOptions {
  readonly level: CheckLevel;
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  /** Of a sample: one object in so many. */
  readonly oneIn?: number;
  /** In full, but only one of so many shares of the packs and of the chats: all shares together are the whole. */
  readonly share?: Share | undefined;
  /**
   * How many packs of files the store has removed for their age, as far as its owner knows: so many that are missing are
   * gone, and no damage.
   */
  readonly removedPacks?: number | undefined;
  /** Takes down what was read, of chats in which nothing is damaged. */
  readonly readings?: Readings | undefined;
}

/** One of `count` parts of about the same size, from 0 on. What falls into it hangs on random names alone. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** Something that is not as it was written. */
export interface Damage {
  readonly what:
    | "missing-pack"
    | "short-pack"
    | "damaged-object"
    | "damaged-list"
    | "wrong-log"
    | "wrong-content"
    /** A head names one before it that is not there. */
    | "missing-head"
    /** A head that the newest one does not follow: the copies went different ways. */
    | "second-tip";
  readonly pack?: string;
  /** The collection that loses something; none where the vault as a whole does. */
  readonly collection?: string;
}

export interface CheckResult {
  readonly level: CheckLevel;
  readonly objects: number;
  readonly opened: number;
  readonly openedBytes: number;
  readonly damages: readonly Damage[];
  /** Files that the store has removed for their age: nothing else is missing with them. */
  readonly gone: readonly GoneFiles[];
  /** Packs that nothing names: left by interrupted runs, or planted. Prune takes them away. */
  readonly unknownPacks: readonly string[];
}

const SAMPLE_ONE_IN = 100;

/**
 * Looks whether all that the kept versions need is in the store and is what was written; in full, every message of the
 * newest version is counted again. Changes nothing.
 */
export async function check(history: History, options: CheckOptions): Promise<CheckResult> {
  const checker = new Checker(history, options);
  await checker.listPacks();
  const onError = (error: unknown, collection: string | undefined): void => {
    const pack = KeepsakeError.is(error) ? error.details["pack"] : undefined;
    const known = {
      ...(typeof pack === "string" && { pack }),
      ...(collection !== undefined && { collection }),
    };
    checker.note({ what: "damaged-list", ...known });
  };
  for await (const item of keptInventory(history, onError)) {
    throwIfAborted(options.signal);
    await checker.look(item);
  }
  await checker.followHeads();
  if (options.level === "full") await checker.openEverything();
  const result = checker.result();
  noteReadings(history, options, result);
  return result;
}

function noteReadings(history: History, options: CheckOptions, { damages, gone }: CheckResult): void {
  const { level, readings, share } = options;
  const isOfAll = damages.some(({ what, collection }) => collection === undefined && what !== "second-tip");
  if (readings === undefined || level === "structure" || isOfAll) return;
  const damaged = new Set([...damages, ...gone].map(({ collection }) => collection));
  const at = history.vault.clock.now();
  const isRead = (id: string): boolean => !damaged.has(id) && isInShare(history, id, share);
  for (const collection of chatCollections(history).filter(isRead)) {
    const places = placesOf(history, collection).map(({ place }) => place);
    const known = readingOf(readings, collection, places);
    const isWhole = level === "full" && share === undefined;
    const dates = isWhole ? { whole: at } : { whole: known?.whole, sampled: at };
    readings.set(collection, { places, ...dates });
  }
}

function isInShare({ vault }: History, name: string, share: Share | undefined): boolean {
  if (share === undefined) return true;
  return parseInt(vault.primitives.sha256Text(name).slice(0, 8), 16) % share.count === share.index;
}

class Checker {
  readonly #history: History;
  readonly #options: CheckOptions;
  readonly #sizes = new Map<string, number>();
  readonly #named = new Set<string>();
  /** Packs of key directories, also of those that no version needs any more. */
  readonly #keyPacks = new Set<string>();
  readonly #damages = new Map<string, Damage>();
  readonly #missing = new MissingPacks();
  readonly #readers = new Map<string, PackReader>();
  readonly #tell: ReturnType<typeof inSteps>;
  #objects = 0;
  #opened = 0;
  #openedBytes = 0;

  constructor(history: History, options: CheckOptions) {
    this.#history = history;
    this.#options = options;
    this.#tell = inSteps(options.report, "verify");
  }

  async listPacks(): Promise<void> {
    for await (const { name, sizeBytes } of this.#history.vault.store.list("packs/")) {
      this.#sizes.set(name.slice("packs/".length), sizeBytes);
    }
  }

  note(damage: Damage): void {
    this.#damages.set(JSON.stringify(damage), damage);
  }

  async look(item: InventoryItem): Promise<void> {
    const [pack, offset, length] = item.ref;
    this.#objects++;
    this.#named.add(pack);
    const of = item.collection === undefined ? { pack } : { pack, collection: item.collection };
    const size = this.#sizes.get(pack);
    if (size === undefined) {
      this.#missing.add(item);
      return this.note({ what: "missing-pack", ...of });
    }
    if (offset + length > size || !isLadderSize(size)) return this.note({ what: "short-pack", ...of });
    if (!this.#isWanted(item)) return;
    try {
      const content = await readObject(
        this.#history.vault.primitives,
        this.#readerFor(item),
        item.spec,
        item.ref,
      );
      this.#opened++;
      this.#openedBytes += content.length;
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.note({ what: error.code === "store.not-found" ? "missing-pack" : "damaged-object", ...of });
    }
    this.#tell(this.#done());
  }

  #isWanted({ part, ref: [pack] }: InventoryItem): boolean {
    const { level, oneIn = SAMPLE_ONE_IN } = this.#options;
    if (part !== "state" && !this.#isInShare(pack)) return false;
    if (level === "full" || part === "state" || part === "manifest")
      return level !== "structure" || part === "state";
    if (level === "structure") return false;
    const [random] = this.#history.vault.primitives.random(1);
    return (this.#objects + random!) % oneIn === 0;
  }

  #isInShare(name: string): boolean {
    return isInShare(this.#history, name, this.#options.share);
  }

  /** Objects of one part lie side by side; each part reads on in its own window. */
  #readerFor({ part }: InventoryItem): PackReader {
    let reader = this.#readers.get(part);
    if (reader === undefined) {
      const readAheadBytes = this.#options.level === "full" ? 1024 * 1024 : 0;
      reader = new PackReader(this.#history.vault.store, { readAheadBytes, signal: this.#options.signal });
      this.#readers.set(part, reader);
    }
    return reader;
  }

  /** Whether all heads are one chain, or were merged into one. */
  async followHeads(): Promise<void> {
    const heads = new Map<string, Head>();
    for await (const head of allHeads(this.#history.vault)) {
      heads.set(head.hash, head);
      this.#keyPacks.add(head.directory[0]);
    }
    const reached = new Set<string>();
    const merged: string[] = [];
    const follow = (hash: string): readonly string[] | undefined => {
      const isNew = !reached.has(hash);
      reached.add(hash);
      return isNew ? heads.get(hash)?.parents : [];
    };
    for (let next: string | undefined = this.#history.snapshot.head.hash; next !== undefined;) {
      const parents = follow(next);
      if (parents === undefined) this.note({ what: "missing-head" });
      next = parents?.[0];
      merged.push(...(parents?.slice(1) ?? []));
    }
    // Of a copy that was merged, heads need not be here.
    for (let hash = merged.pop(); hash !== undefined; hash = merged.pop())
      merged.push(...(follow(hash) ?? []));
    if ([...heads.keys()].some((hash) => !reached.has(hash))) this.note({ what: "second-tip" });
  }

  async openEverything(): Promise<void> {
    for (const pack of this.#named) {
      // What is missing is told already.
      if (!this.#isInShare(pack) || !this.#sizes.has(pack)) continue;
      throwIfAborted(this.#options.signal);
      if (!(await isWholePack(this.#history.vault, pack))) this.note({ what: "damaged-object", pack });
      this.#sayMoving();
    }
    await this.recount();
  }

  /** Counts every row again: the logs of all collections, and the content root that the head signs. */
  async recount(): Promise<void> {
    const reader = new RowReader(this.#history);
    const roots = logRoots(this.#history);
    for (const collection of collectionIds(this.#history)) {
      if (!this.#isInShare(collection)) continue;
      throwIfAborted(this.#options.signal);
      const root = await recountLog(reader, collection, () => this.#sayMoving()).catch((error: unknown) => {
        if (KeepsakeError.is(error, "vault.corrupt") || KeepsakeError.is(error, "store.not-found"))
          return undefined;
        throw error;
      });
      if (root !== roots.get(collection)) this.note({ what: "wrong-log", collection });
    }
    const { head } = this.#history.snapshot;
    if (contentRootOf(this.#history.vault.primitives, roots) !== head.contentRoot)
      this.note({ what: "wrong-content" });
  }

  #done(): { readonly objects: number; readonly bytes: number } {
    return { objects: this.#opened, bytes: this.#openedBytes };
  }

  /** What is read again is not counted again, and yet it is heard that the check goes on. */
  #sayMoving(): void {
    this.#options.report?.({ type: "progress", stage: "verify", done: this.#done() });
  }

  result(): CheckResult {
    const dead = new Set(this.#history.root.dead.flatMap(({ packs }) => packs));
    const isKnown = (pack: string): boolean =>
      this.#named.has(pack) || dead.has(pack) || this.#keyPacks.has(pack);
    const gone = this.#missing.gone(this.#options.removedPacks ?? 0);
    const isDamaged = ({ what, pack }: Damage): boolean =>
      what !== "missing-pack" || pack === undefined || !gone.packs.has(pack);
    const unknownPacks = [...this.#sizes.keys()].filter((pack) => !isKnown(pack));
    return {
      level: this.#options.level,
      objects: this.#objects,
      opened: this.#opened,
      openedBytes: this.#openedBytes,
      damages: [...this.#damages.values()].filter(isDamaged),
      gone: gone.files,
      unknownPacks,
    };
  }
}

/**
 * A collection's log root, made again from its rows; `onStep` is called with every part of them. Throws
 * `vault.corrupt` where a segment is not its digest.
 */
export async function recountLog(reader: RowReader, collection: string, onStep: () => void): Promise<string> {
  const { history } = reader;
  const { primitives } = history.vault;
  const { saltKey } = rowKeys(history.vault, history.entries.get(collection)!);
  const manifest = await manifestOf(history, collection);
  const hashes: Uint8Array<ArrayBuffer>[] = [];
  const take = async (list: readonly Placed[]): Promise<void> => {
    for (const [row, leaf] of await leavesOf(primitives, saltKey, list)) {
      if (hashes[row.leaf] !== undefined)
        throw new KeepsakeError("vault.corrupt", { details: { what: "leaf" } });
      hashes[row.leaf] = leaf;
    }
    onStep();
  };
  for (const segment of manifest === undefined
    ? []
    : [...manifest.notes, ...manifest.messages, ...manifest.late]) {
    const list = await reader.segment(collection, segment);
    const digests = list.filter(isMessageRow).map((row) => contentDigest(row.message, primitives));
    if (digestOf(primitives, digests) !== segment.digest) throw new KeepsakeError("vault.corrupt");
    await take(list);
  }
  for (const list of await reader.deltaRows(collection)) await take(list);
  if (hashes.includes(undefined as never))
    throw new KeepsakeError("vault.corrupt", { details: { what: "leaf" } });
  return bytesToHex(logRoot(primitives, appendLeaves(primitives, emptyLog, hashes)));
}

/** Whether a pack's own directory opens: a reader of the lists does not need it, a rescuer would. */
async function isWholePack(vault: Vault, pack: string): Promise<boolean> {
  const file = await vault.store.get(`packs/${pack}`);
  if (file === undefined || !isLadderSize(file.length)) return false;
  for (const { pack: key, epoch } of vault.keyring.all) {
    const options = { primitives: vault.primitives, vaultId: vault.id, key, epoch };
    const isOpen = await readPackDirectory(options, pack, file).then(
      () => true,
      () => false,
    );
    if (isOpen) return true;
  }
  return false;
}
