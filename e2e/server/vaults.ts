import type { Clock } from "../../packages/core/src/base/index.ts";
import { canonicalText, type ReadEvent } from "../../packages/core/src/model/index.ts";
import { systemClock } from "../../packages/core/src/base/index.ts";
import {
  backup,
  emptyContentRoot,
  emptyRoot,
  loadHistory,
  restoredEvents,
  type BackupResult,
} from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import {
  createVault,
  openVault,
  type DeviceKey,
  type Secret,
  type Snapshot,
  type Store,
  type Vault,
} from "../../packages/core/src/vault/index.ts";
import { madeHistory, type HistoryOptions } from "../../packages/core/testing/history/index.ts";

/** A vault in a store, with its owner's first device. */
export interface Made {
  readonly store: Store;
  readonly vault: Vault;
  readonly key: DeviceKey;
  readonly words: string;
  readonly secret: Secret;
}

/** A new vault that holds nothing. */
export async function made(store: Store, clock: Clock): Promise<Made> {
  const { vault, deviceKey, words } = await createVault({
    primitives,
    store,
    clock,
    language: "en",
    deviceName: "a",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const secret = { kind: "device", ...deviceKey } as const;
  return { store, vault, key: deviceKey, words: words.join(" "), secret };
}

/** Backs an invented history up. */
export function add({ vault }: Pick<Made, "vault">, life: HistoryOptions): Promise<BackupResult> {
  return backup(vault, { name: "phone", read: () => madeHistory(life) as AsyncIterable<ReadEvent> });
}

/** The vault as a store shows it to who comes anew. */
export function reopened(store: Store, secret: Secret): Promise<{ vault: Vault; snapshot: Snapshot }> {
  return openVault({ primitives, store, clock: systemClock, secret });
}

/** Every message that a version shows. */
export async function textsOf({
  vault,
  snapshot,
}: {
  readonly vault: Vault;
  readonly snapshot: Snapshot;
}): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const event of restoredEvents(await loadHistory(vault, snapshot)))
    if (event.type === "message") texts.push(canonicalText(event.message));
  return texts.sort();
}
