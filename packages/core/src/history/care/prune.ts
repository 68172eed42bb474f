import { throwIfAborted, type Report } from "../../base/index.ts";
import { readJournals, type Snapshot } from "../../vault/index.ts";
import { keptInventory } from "../state/inventory.ts";
import { closedDeltas, keptHistories } from "../state/snapshots.ts";
import type { DeadPacks, History } from "../state/state.ts";
import { newBatch, type Batch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";

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
  readonly removeBytes: number;
  readonly giveUpBytes: number;
}

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
    removeBytes: 0,
    giveUpBytes: 0,
  };
  for await (const { name, sizeBytes } of history.vault.store.list("packs/")) {
    const pack = name.slice("packs/".length);
    const dead = given.get(pack);
    if (live.has(pack)) continue;
    if (dead === undefined) {
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
 * head uses it again; packs named long ago are removed, and a last head forgets their names.
 */
export async function prune(history: History, plan: PrunePlan): Promise<Snapshot | "raced"> {
  const { vault, root, snapshot } = history;
  const removed = new Set(plan.remove);
  const since = { since: vault.clock.now(), head: snapshot.head.number + 1, packs: plan.giveUp };
  const left = root.dead.map((dead) => ({ ...dead, packs: dead.packs.filter((pack) => !removed.has(pack)) }));
  const dead: DeadPacks[] = [...left, since].filter(({ packs }) => packs.length > 0);
  for (const pack of plan.remove) await vault.store.remove(`packs/${pack}`);
  const batch = newBatch(history);
  await dropUnnamed(batch);
  return commitBatch(batch, { verb: "prune", dead, dropped: await closedDeltas(history) });
}

/** Takes out of the key directory where manifests lie now that no kept version names any more. */
async function dropUnnamed({ history, entries }: Batch): Promise<void> {
  const named = new Set<string>();
  for await (const kept of keptHistories(history)) for (const digest of kept.named) named.add(digest);
  for (const entry of history.entries.values()) {
    const moved = entry.moved?.filter(([from]) => named.has(from));
    if (moved?.length !== entry.moved?.length) entries.set(entry.id, { ...entry, moved });
  }
}

/** Packs that a kept version or a journal names. */
async function livePacks(history: History, { signal }: PruneOptions): Promise<Set<string>> {
  const live = new Set<string>();
  const onError = (error: unknown): never => {
    throw error;
  };
  for await (const { ref } of keptInventory(history, onError)) {
    throwIfAborted(signal);
    live.add(ref[0]);
  }
  for (const { value } of await readJournals(history.vault)) {
    for (const pack of packsIn(value)) live.add(pack);
  }
  return live;
}

/** Names of packs, wherever they stand in a journal. */
function packsIn(value: unknown): string[] {
  if (typeof value === "string") return /^[0-9a-v]{26}$/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(packsIn);
}
