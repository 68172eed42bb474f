import { systemClock } from "../../packages/core/src/base/index.ts";
import { addAccessKey, serverStore } from "../../packages/core/src/client/index.ts";
import { backup, emptyContentRoot, emptyRoot } from "../../packages/core/src/history/index.ts";
import type { ReadSteps } from "../../packages/core/src/model/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { retryStore } from "../../packages/core/src/vault/store/index.ts";
import { createVault, wordsToSeed } from "../../packages/core/src/vault/index.ts";
import type { TestServer } from "../server/serving.ts";

/** Makes a member with a history on the server, without a browser; gives the recovery words. */
export async function seedMember(
  server: TestServer,
  name: string,
  read: () => ReadSteps,
): Promise<readonly string[]> {
  const { connection, newVault } = await server.newMember(name);
  const { vault, words } = await createVault({
    primitives,
    store: retryStore(serverStore({ connection, vault: await newVault() })),
    clock: systemClock,
    language: "en",
    deviceName: "seeding",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  await addAccessKey(connection, { seed: await wordsToSeed(words.join(" ")), kind: "words" });
  await backup(vault, { name: "seeded", read });
  return words;
}
