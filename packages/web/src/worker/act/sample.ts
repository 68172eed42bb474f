import { systemClock } from "@keepsake/core/base";
import { backup, emptyContentRoot, emptyRoot } from "@keepsake/core/history";
import { memoryStore } from "@keepsake/core/store";
import { createVault, newestSnapshot } from "@keepsake/core/vault";
import type { Session } from "../session.ts";

/** Opens a history that nobody lived, in memory, for who wants to look around first. */
export async function openSample(session: Session): Promise<void> {
  const { madeHistory } = await import("@keepsake/core/testing/history");
  const primitives = await session.primitives();
  const made = await createVault({
    primitives,
    store: memoryStore(),
    clock: systemClock,
    language: "zh",
    deviceName: "sample",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  const options = { seed: "sample", messages: 3_000, chats: 12, attachmentBytes: 2_000_000 };
  await backup(made.vault, { name: "sample", read: () => madeHistory(options) });
  await session.show(made.vault, await newestSnapshot(made.vault), true);
}
