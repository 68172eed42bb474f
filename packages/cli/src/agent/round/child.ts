import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Told to stop, a command ends what it is at; one that takes longer is told again, and then not asked. */
const PATIENCE_MS = 20_000;

/** One line of what a command says with `--json`. */
export interface ChildEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ChildEvent) => void;
}

/** Where the program lies that a process of its own is started with. */
export function mainPath(): string {
  return main;
}

/**
 * Runs a command of ours in a process of its own, so that its memory goes back to the system, and a crash stays
 * there. It ends in order as soon as the signal fires or this process is gone. Returns its result event.
 */
export async function runChild(args: readonly string[], options: ChildOptions): Promise<ChildEvent> {
  const child = spawn(process.execPath, [main, "--json", ...args], {
    env: options.env,
    stdio: ["ignore", "pipe", "ignore", "ipc"],
    windowsHide: true,
  });
  const ended = new Promise<void>((done) => {
    child.on("error", () => done());
    // Not `close`, which does not come after this side has closed the channel.
    child.on("exit", () => done());
  });
  using _ = stopsWith(child, options.signal);
  let result: ChildEvent = { type: "result", ok: false, code: "base.unexpected" };
  for await (const line of createInterface({ input: child.stdout! })) {
    const event = eventIn(line);
    if (event?.type === "result") result = event;
    else if (event !== undefined) options.onEvent(event);
  }
  await ended;
  return result;
}

/** Its channel is what a command holds on to: when that closes, it stops, on every system. */
function stopsWith(child: ChildProcess, signal: AbortSignal): Disposable {
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    if (child.connected) child.disconnect();
    timers.push(
      setTimeout(() => child.kill("SIGTERM"), PATIENCE_MS),
      setTimeout(() => child.kill("SIGKILL"), 2 * PATIENCE_MS),
    );
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
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
