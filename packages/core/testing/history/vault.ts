import type { Primitives } from "../../src/base/index.ts";
import { backup } from "../../src/history/backup.ts";
import { emptyContentRoot, emptyRoot } from "../../src/history/state/state.ts";
import type { ReadEvent } from "../../src/model/index.ts";
import {
  createVault,
  memoryStore,
  newestSnapshot,
  type Snapshot,
  type Vault,
} from "../../src/vault/index.ts";

/** What a source is called, and how it is read. */
export type Reading = readonly [name: string, read: () => AsyncIterable<ReadEvent>];

/** A vault in memory that holds some readings, one after the other. */
export async function vaultOf(
  primitives: Primitives,
  readings: readonly Reading[],
): Promise<{ readonly vault: Vault; readonly snapshot: Snapshot }> {
  const { vault } = await createVault({
    primitives,
    store: memoryStore(),
    clock: { now: () => 1_790_000_000_000 },
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
    language: "en",
    deviceName: "test",
  });
  for (const [name, read] of readings) await backup(vault, { name, read });
  return { vault, snapshot: await newestSnapshot(vault) };
}

/** Some events as a source gives them. */
// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
export async function* eventsFrom(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}
