import { systemClock } from "../../packages/core/src/base/index.ts";
import { addAccessKey, Connection, serverStore, signUp } from "../../packages/core/src/client/index.ts";
import { backup, emptyContentRoot, emptyRoot } from "../../packages/core/src/history/index.ts";
import type { ReadSteps } from "../../packages/core/src/model/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { retryStore } from "../../packages/core/src/vault/store/index.ts";
import { createVault, wordsToSeed } from "../../packages/core/src/vault/index.ts";
import { password } from "./person.ts";

/** Makes a member with a history on a server, without a browser; gives the recovery words. */
export async function seedMember(
  url: string,
  name: string,
  read: () => ReadSteps,
): Promise<readonly string[]> {
  const open = new Connection({ url, primitives });
  const connection = open.with(await signUp(open, { name, password, platform: "cli" }));
  const { vault: serverVault } = await connection.call("POST /v1/vaults");
  const { vault, words } = await createVault({
    primitives,
    store: retryStore(serverStore({ connection, vault: serverVault })),
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
