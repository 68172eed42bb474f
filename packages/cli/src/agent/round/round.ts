import { SHARES } from "../plan/care.ts";
import type { AgentConfig } from "../kept/config.ts";
import type { RoundEnd } from "../kept/state.ts";
import { isGood } from "../plan/record.ts";
import type { Work } from "../plan/work.ts";
import { runChild, type ChildEvent } from "./child.ts";

/** What a round works with. */
export interface RoundOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly config: AgentConfig;
  /** The place of the vault that backups go to. */
  readonly store: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, totalBytes: number | undefined) => void;
}

export interface Round {
  readonly end: RoundEnd;
  /** When the newest message in the vault was sent, where the round came to know. */
  readonly lastMessageAt?: number | undefined;
}

/** A clock that goes wrong on some phone must not hide when the newest message was sent. */
const AHEAD_MS = 86_400_000;

/** Does one piece of work by a command of ours. What goes wrong is in its end; nothing is thrown. */
export async function carryOut(work: Work, options: RoundOptions): Promise<Round> {
  const beganAt = options.now();
  const seen = new Seen(beganAt + AHEAD_MS, options.onProgress);
  const result = await runChild(argsOf(work, options), {
    // What the agent opens is none of the person's choices; its many threads are for itself alone.
    env: { ...options.env, KEEPSAKE_UNATTENDED: "1", UV_THREADPOOL_SIZE: undefined },
    signal: options.signal,
    stalledMs: stalledMs(options.config),
    onEvent: (event) => seen.take(event),
  });
  return { end: endOf(result, seen, { beganAt, endedAt: options.now() }), lastMessageAt: seen.lastMessageAt };
}

/** So much goes to a store between two words of progress at most. */
const SILENT_BYTES = 64 * 1024 * 1024;

/** After so long without a word a command hangs, and does not only wait for a slow line. */
function stalledMs({ stalledMinutes, bytesPerSecond = Infinity }: AgentConfig): number {
  return stalledMinutes * 60_000 + (SILENT_BYTES / bytesPerSecond) * 1000;
}

function argsOf(work: Work, { config, store }: RoundOptions): string[] {
  const rate =
    config.bytesPerSecond === undefined ? [] : [`--limit-rate=${Math.floor(config.bytesPerSecond)}`];
  if (work.work === "check")
    return ["check", `--share=${work.share + 1}/${SHARES}`, `--store=${work.place}`, ...rate];
  if (work.work === "rehearse") return ["rehearse", `--store=${work.place}`, ...rate];
  const { name, path, format, me, backupPasswordFile } = work.source;
  const given = {
    name,
    store,
    format,
    me,
    "backup-password-file": backupPasswordFile,
    "quiet-time": String(Math.ceil(config.quietSeconds)),
  };
  const options = Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}=${value}`],
  );
  return ["backup", ...options, ...rate, "--", path];
}

function endOf(
  result: ChildEvent,
  seen: Seen,
  times: { readonly beganAt: number; readonly endedAt: number },
): RoundEnd {
  const number = (name: string): number | undefined => numberIn(result[name]);
  const [messages, added] = [number("messages"), number("added")];
  const { files } = seen.found;
  const isUnchanged = result["isUnchanged"] === true;
  const code = typeof result["code"] === "string" ? result["code"] : "base.unexpected";
  return {
    ...times,
    code,
    ...(result["isShrunk"] === true && { isShrunk: true }),
    ...(isUnchanged && { isUnchanged }),
    ...(messages !== undefined && { messages }),
    ...(added !== undefined && { added }),
    ...(files !== undefined && { files }),
    bytes: isUnchanged
      ? 0
      : (number("openedBytes") ?? number("attachmentBytes") ?? seen.bytes(isGood({ code }))),
  };
}

function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** What is taken from a command's events: counts and times, and nothing else of them. */
class Seen {
  found: { readonly files?: number | undefined; readonly bytes?: number | undefined } = {};
  lastMessageAt: number | undefined;
  readonly #latest: number;
  readonly #onProgress: RoundOptions["onProgress"];
  #readBytes = 0;

  constructor(latest: number, onProgress: RoundOptions["onProgress"]) {
    this.#latest = latest;
    this.#onProgress = onProgress;
  }

  /** How much was read: of a round that went well, all that was found. */
  bytes(isWhole: boolean): number {
    return isWhole ? (this.found.bytes ?? this.#readBytes) : this.#readBytes;
  }

  take(event: ChildEvent): void {
    if (event.type === "found")
      this.found = { files: numberIn(event["files"]), bytes: numberIn(event["bytes"]) };
    else if (event.type === "proof") this.#takeTime(numberIn(event["last"]));
    else if (event["stage"] === "read" || event["stage"] === "verify")
      this.#takeProgress(bytesIn(event["done"]), bytesIn(event["total"]));
  }

  #takeTime(last: number | undefined): void {
    if (last !== undefined && last <= this.#latest)
      this.lastMessageAt = Math.max(last, this.lastMessageAt ?? last);
  }

  #takeProgress(done: number | undefined, total: number | undefined): void {
    if (done === undefined) return;
    this.#readBytes = Math.max(this.#readBytes, done);
    this.#onProgress(done, total);
  }
}

function bytesIn(progress: unknown): number | undefined {
  return numberIn((progress as { readonly bytes?: unknown } | undefined)?.bytes);
}
