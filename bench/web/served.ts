import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { madeHistory, type HistoryOptions } from "../../packages/core/testing/history/index.ts";
import { seedMember } from "../../e2e/web/seeding.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { serve } from "../../packages/server/src/serve.ts";
import { builtWeb } from "../../tools/web/built.ts";

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

/** Starts it on a copy of data that an earlier run has left in the folder; made where there are none. */
export async function served(cache: string, messages: number): Promise<Served> {
  const made = join(cache, `web-${messages}`);
  const data = await mkdtemp(join(tmpdir(), "keepsake-bench-"));
  if (existsSync(join(made, WORDS))) await cp(made, data, { recursive: true });
  const settings = {
    KEEPSAKE_DATA: data,
    KEEPSAKE_PORT: "0",
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_WEB: await builtWeb(),
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100000",
    KEEPSAKE_REQUESTS_PER_MEMBER: "100000",
  };
  const server = await serve(parseConfig(settings), { log: () => undefined });
  const close = async (): Promise<void> => {
    await server.stop();
    await rm(data, { recursive: true });
  };
  if (!existsSync(join(made, WORDS))) {
    const words = await seedMember(server.url, NAME, () => madeHistory(historyOf(messages)));
    await writeFile(join(data, WORDS), words.join(" "));
    await server.stop();
    await cp(data, made, { recursive: true });
    await rm(data, { recursive: true });
    return served(cache, messages);
  }
  const words = await readFile(join(data, WORDS), "utf8");
  return { url: server.url, name: NAME, words, [Symbol.asyncDispose]: close };
}

const NAME = "bench";
const WORDS = "words.txt";
