import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Told to stop, a command ends what it is at; one that takes longer is told again, and then not asked. */
const PATIENCE_MS = 20_000;
/** The time after which a command counts as one that hangs is taken in so many parts: a machine may sleep meanwhile. */
const STALL_PARTS = 20;
/** As the launcher starts a command, which has the other half of the bound on its memory from `boundHeap`. */
const SMALL_YOUNG = ["--max-semi-space-size=2"];

/** One line of what a command says with `--json`. */
export interface ChildEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ChildEvent) => void;
  /** A command that says nothing for so long hangs: it is ended. */
  readonly stalledMs: number;
  /** How long each way of ending it is given. */
  readonly patienceMs?: number;
  /** What is run; this program, if absent. */
  readonly program?: string;
}

/** Where the program lies that a process of its own is started with. */
export function mainPath(): string {
  return main;
}

const crashed: ChildEvent = { type: "result", ok: false, code: "base.unexpected" };
const aborted: ChildEvent = { type: "result", ok: false, code: "base.aborted" };
const stalled: ChildEvent = { type: "result", ok: false, code: "agent.stalled" };

/** What processes are at that could not be ended: they wait for a disk that does not answer, and do nothing more. */
const left = new Set<string>();

/**
 * Runs a command of ours in a process of its own, so that its memory goes back to the system, and a crash stays
 * there. It ends in order as soon as the signal fires, it hangs or this process is gone. Returns its result event. One
 * that cannot be ended is left behind, and until it is gone nothing of its kind is begun.
 */
export async function runChild(args: readonly string[], options: ChildOptions): Promise<ChildEvent> {
  const { env, signal, onEvent, stalledMs, patienceMs = PATIENCE_MS, program = main } = options;
  const about = JSON.stringify(args);
  if (left.has(about)) return stalled;
  const child = spawn(process.execPath, [...SMALL_YOUNG, program, "--json", ...args], {
    env,
    stdio: ["ignore", "pipe", "ignore", "ipc"],
    windowsHide: true,
  });
  const gone = goneOf(child);
  using stall = stallAfter(stalledMs);
  using ending = endsWith(child, AbortSignal.any([signal, stall.signal]), patienceMs);
  let result: ChildEvent | undefined;
  const read = readLines(child, (event) => {
    stall.moved();
    if (event.type === "result") result = event;
    else onEvent(event);
  });
  const isGone = await Promise.race([Promise.all([read, gone]).then(() => true), ending.over]);
  if (!isGone) leave(child, about, gone);
  if (stall.signal.aborted && result?.["ok"] !== true) return stalled;
  return result ?? (signal.aborted ? aborted : crashed);
}

function goneOf(child: ChildProcess): Promise<void> {
  return new Promise<void>((done) => {
    child.on("error", () => done());
    // Not `close`, which does not come after this side has closed the channel.
    child.on("exit", () => done());
  });
}

/** A command speaks only of what it did: every event is a step, also one that says the same as the one before. */
async function readLines(child: ChildProcess, take: (event: ChildEvent) => void): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = eventIn(line);
    if (event !== undefined) take(event);
  }
}

/** This process waits for it no more, and can end before it. */
function leave(child: ChildProcess, about: string, gone: Promise<void>): void {
  left.add(about);
  void gone.then(() => left.delete(about));
  child.stdout?.destroy();
  child.unref();
}

interface Stall extends Disposable {
  /** Fires when nothing has moved for long. */
  readonly signal: AbortSignal;
  moved(): void;
}

function stallAfter(stalledMs: number): Stall {
  const stalled = new AbortController();
  let parts = 0;
  const timer = setInterval(() => {
    if (++parts >= STALL_PARTS) stalled.abort();
  }, stalledMs / STALL_PARTS);
  return {
    signal: stalled.signal,
    moved: () => void (parts = 0),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

interface Ending extends Disposable {
  /** Comes true, as false, when all ways of ending it were tried in vain. */
  readonly over: Promise<false>;
}

/** Its channel is what a command holds on to: when that closes, it stops, on every system. */
function endsWith(child: ChildProcess, signal: AbortSignal, patienceMs: number): Ending {
  const timers: NodeJS.Timeout[] = [];
  const { promise: over, resolve } = Promise.withResolvers<false>();
  const stop = (): void => {
    if (child.connected) child.disconnect();
    const ways = [() => child.kill("SIGTERM"), () => child.kill("SIGKILL"), () => resolve(false)];
    for (const [i, way] of ways.entries()) timers.push(setTimeout(way, (i + 1) * patienceMs));
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    over,
    [Symbol.dispose]() {
      signal.removeEventListener("abort", stop);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function eventIn(line: string): ChildEvent | undefined {
  try {
    return JSON.parse(line) as ChildEvent;
  } catch {
    return undefined;
  }
}
