import { throwIfAborted, type Report } from "../../base/index.ts";
import { readJournals, type Snapshot } from "../../vault/index.ts";
import { keptInventory } from "../state/inventory.ts";
import { closedDeltas, keptHistories } from "../state/snapshots.ts";
import type { DeadPacks, History } from "../state/state.ts";
import { newBatch, type Batch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";
import { repacking } from "./repack.ts";
import { rewriteVersions } from "./rewrite.ts";

const DAY_MS = 86_400_000;
/** Packs stay at least so long after they were given up. */
export const QUARANTINE_MS: number = 7 * DAY_MS;

export interface PruneOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  /** Longer or shorter than a week, for those who know their store to be theirs alone. */
  readonly quarantineMs?: number | undefined;
}

/** What a prune would do: nothing is done until it is executed. */
export interface PrunePlan {
  /** Packs that no kept version names: they are given up now and removed after the quarantine. */
  readonly giveUp: readonly string[];
  /** Packs whose quarantine is over. */
  readonly remove: readonly string[];
  /** Packs that were given up, and that wait. */
  readonly waiting: readonly string[];
  /** Packs of which less than half is needed: that is written anew, and they are given up. */
  readonly repack: readonly string[];
  readonly removeBytes: number;
  readonly giveUpBytes: number;
  /** What writing packs anew frees in the end. */
  readonly repackBytes: number;
}

/** Packs of which less than this share is needed are written anew; small ones are not worth it. */
const THIN_SHARE = 0.5;
const THIN_BYTES = 64 * 1024;

/**
 * Finds what nothing needs. Throws where any kept version cannot be read whole: then nothing may be removed.
 */
export async function planPrune(history: History, options: PruneOptions = {}): Promise<PrunePlan> {
  const live = await livePacks(history, options);
  const given = new Map(history.root.dead.flatMap((dead) => dead.packs.map((pack) => [pack, dead] as const)));
  const now = history.vault.clock.now();
  const quarantineMs = options.quarantineMs ?? QUARANTINE_MS;
  const plan = {
    giveUp: [] as string[],
    remove: [] as string[],
    waiting: [] as string[],
    repack: [] as string[],
    removeBytes: 0,
    giveUpBytes: 0,
    repackBytes: 0,
  };
  for await (const { name, sizeBytes } of history.vault.store.list("packs/")) {
    const pack = name.slice("packs/".length);
    const dead = given.get(pack);
    const need = live.get(pack);
    if (need !== undefined) {
      const isThin = sizeBytes >= THIN_BYTES && need.bytes < sizeBytes * THIN_SHARE;
      if (need.isFixed || !isThin) continue;
      plan.repack.push(pack);
      plan.repackBytes += sizeBytes - need.bytes;
    } else if (dead === undefined) {
      plan.giveUp.push(pack);
      plan.giveUpBytes += sizeBytes;
    } else if (now - dead.since >= quarantineMs) {
      plan.remove.push(pack);
      plan.removeBytes += sizeBytes;
    } else plan.waiting.push(pack);
  }
  return plan;
}

/**
 * Two phases, each safe against a crash and against other devices: a head names what is given up, so that no later
 * head uses it again; packs named long ago are removed, and a last head forgets their names. What is still needed of
 * packs that are written anew is in place before that head.
 */
export async function prune(history: History, plan: PrunePlan): Promise<Snapshot | "raced"> {
  const { vault, root, snapshot } = history;
  const removed = new Set(plan.remove);
  const packs = [...plan.giveUp, ...plan.repack];
  const since = { since: vault.clock.now(), head: snapshot.head.number + 1, packs };
  const left = root.dead.map((dead) => ({ ...dead, packs: dead.packs.filter((pack) => !removed.has(pack)) }));
  const dead: DeadPacks[] = [...left, since].filter((each) => each.packs.length > 0);
  for (const pack of plan.remove) await vault.store.remove(`packs/${pack}`);
  const named = await namedManifests(history);
  const batch = newBatch(history);
  const { batch: repacked } =
    plan.repack.length === 0
      ? { batch }
      : await rewriteVersions(batch, repacking(batch, new Set(plan.repack)));
  dropUnnamed(repacked, named);
  return commitBatch(repacked, { verb: "prune", dead, dropped: await closedDeltas(history) });
}

/** Manifests that kept versions name. */
async function namedManifests(history: History): Promise<Set<string>> {
  const named = new Set<string>();
  for await (const kept of keptHistories(history)) for (const digest of kept.named) named.add(digest);
  return named;
}

/** Takes out of the key directory where manifests lie now that no kept version names any more. */
function dropUnnamed({ history, entries }: Batch, named: ReadonlySet<string>): void {
  for (const entry of history.entries.values()) {
    const moved = entry.moved?.filter(([from]) => named.has(from));
    if (moved?.length !== entry.moved?.length) entries.set(entry.id, { ...entry, moved });
  }
}

/** How much of a pack is needed. */
interface Need {
  bytes: number;
  /** Heads and journals name objects in it by their place: it stays as it is. */
  isFixed: boolean;
}

/** Packs that a kept version or a journal names. */
async function livePacks(history: History, { signal }: PruneOptions): Promise<Map<string, Need>> {
  const live = new Map<string, Need>();
  const need = (pack: string, bytes: number, isFixed: boolean): void => {
    const known = live.get(pack) ?? { bytes: 0, isFixed: false };
    live.set(pack, { bytes: known.bytes + bytes, isFixed: known.isFixed || isFixed });
  };
  const onError = (error: unknown): never => {
    throw error;
  };
  for await (const { ref, part } of keptInventory(history, onError)) {
    throwIfAborted(signal);
    need(ref[0], ref[2], part === "state");
  }
  for (const { value } of await readJournals(history.vault)) {
    for (const pack of packsIn(value)) need(pack, 0, true);
  }
  return live;
}

/** Names of packs, wherever they stand in a journal. */
function packsIn(value: unknown): string[] {
  if (typeof value === "string") return /^[0-9a-v]{26}$/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(packsIn);
}
