import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 5;
const mark = Buffer.from(',"type":"chat"}\n');

/**
 * Seconds from the start of a restore until the first chat is there whole: until the next one begins, or the end, in
 * the file into which the text goes.
 */
export async function firstChat(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  target: string,
): Promise<number> {
  const start = performance.now();
  const child = spawn(command[0]!, command.slice(1), { env: { ...process.env, ...env }, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on("error", reject).on("close", resolve),
  );
  let isOver = false;
  void ended.finally(() => (isOver = true)).catch(() => undefined);
  const chats = new ChatCount(`${target}/history.jsonl`);
  while (!isOver && (await chats.look()) < 2) await sleep(LOOK_EVERY_MS);
  const seconds = (performance.now() - start) / 1000;
  if ((await ended) !== 0) throw new TypeError("the restore failed");
  return seconds;
}

/** Counts the chats that have begun in a file that grows. */
class ChatCount {
  readonly #path: string;
  #at = 0;
  #count = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  async look(): Promise<number> {
    const handle = await open(this.#path).catch(() => undefined);
    if (handle === undefined) return 0;
    try {
      const { size } = await handle.stat();
      const { buffer } = await handle.read(Buffer.alloc(size - this.#at), 0, size - this.#at, this.#at);
      this.#at = size;
      const text = Buffer.concat([this.#rest, buffer]);
      for (let i = text.indexOf(mark); i >= 0; i = text.indexOf(mark, i + 1)) this.#count++;
      this.#rest = text.subarray(Math.max(0, text.length - mark.length + 1));
      return this.#count;
    } finally {
      await handle.close();
    }
  }
}
