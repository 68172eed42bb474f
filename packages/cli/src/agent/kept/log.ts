import { appendFile, mkdir, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { agentFile } from "./files.ts";
import type { RoundEnd, WorkKind } from "./state.ts";

/** One line of the visible history: what was read, when, and what came of it. */
export interface LogEntry extends RoundEnd {
  readonly work: WorkKind | "remind" | "news";
  /** The name that the person gave to the source; of news, the server. */
  readonly source?: string;
}

/** After so much, a new file is begun, and the one before the last is dropped. */
const MOST_BYTES = 1_000_000;

const names = ["log.1.jsonl", "log.jsonl"] as const;

export async function writeLog(env: NodeJS.ProcessEnv, entry: LogEntry): Promise<void> {
  const [older, newer] = names.map((name) => agentFile(env, name)) as [string, string];
  await mkdir(dirname(newer), { recursive: true, mode: 0o700 });
  const sizeBytes = await stat(newer).then(
    ({ size }) => size,
    () => 0,
  );
  if (sizeBytes > MOST_BYTES) await rename(newer, older);
  await appendFile(newer, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}

/** The newest entries, the oldest of them first. A line that a crash cut off is passed over. */
export async function readLog(env: NodeJS.ProcessEnv, most: number): Promise<LogEntry[]> {
  const texts = await Promise.all(
    names.map((name) => readFile(agentFile(env, name), "utf8").catch(() => "")),
  );
  return texts.join("").split("\n").flatMap(entryIn).slice(-most);
}

function entryIn(line: string): LogEntry[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as LogEntry];
  } catch {
    return [];
  }
}
