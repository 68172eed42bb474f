import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../packages/core/src/base/index.ts";
import { addAccessKey, Connection, serverStore, signUp } from "../../packages/core/src/client/index.ts";
import { backup, emptyContentRoot, emptyRoot } from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { createVault, wordsToSeed } from "../../packages/core/src/vault/index.ts";
import { madeHistory, type HistoryOptions } from "../../packages/core/testing/history/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { serve } from "../../packages/server/src/serve.ts";
import { builtWeb } from "../../tools/web/built.ts";

export const password = "a long enough password";

/** The history that all are measured with: one chat, so that a window onto it has all of it around it. */
export function historyOf(messages: number): HistoryOptions {
  return { seed: "web bench", messages, chats: 1 };
}

/** A server with the web app, and a member on it whose vault holds the history. */
export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
  readonly words: string;
}

/** Starts it on data that an earlier run has left in the folder; made where there are none. */
export async function served(cache: string, messages: number): Promise<Served> {
  const data = join(cache, `web-${messages}`);
  const kept = join(data, "words.txt");
  if (!existsSync(kept)) await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  const settings = {
    KEEPSAKE_DATA: data,
    KEEPSAKE_PORT: "0",
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_WEB: await builtWeb(),
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100000",
    KEEPSAKE_REQUESTS_PER_MEMBER: "100000",
  };
  const server = await serve(parseConfig(settings), { log: () => undefined });
  const name = "bench";
  if (!existsSync(kept)) await writeFile(kept, await seed(server.url, name, messages));
  return {
    url: server.url,
    name,
    words: await readFile(kept, "utf8"),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** Gives the recovery words. */
async function seed(url: string, name: string, messages: number): Promise<string> {
  const open = new Connection({ url, primitives });
  const connection = open.with(await signUp(open, { name, password, platform: "cli" }));
  const { vault: serverVault } = await connection.call("POST /v1/vaults");
  const { vault, words } = await createVault({
    primitives,
    store: serverStore({ connection, vault: serverVault }),
    clock: systemClock,
    language: "en",
    deviceName: "bench",
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  await addAccessKey(connection, { seed: await wordsToSeed(words.join(" ")), kind: "words" });
  await backup(vault, { name: "bench", read: () => madeHistory(historyOf(messages)) });
  return words.join(" ");
}
