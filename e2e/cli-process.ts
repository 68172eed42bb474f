import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { formats } from "@keepsake/core/formats";
import { folderTarget, nodePrimitives } from "@keepsake/core/node";
import { madeHistory, type HistoryOptions } from "@keepsake/core/testing/history";
import type { ReadEvent } from "@keepsake/core/model";
import { builtCli, isBuilt } from "../tools/cli/built.ts";

/** As people start it: what was built, where nothing of its sources is newer. */
const main = isBuilt() ? builtCli : join(import.meta.dirname, "../packages/cli/src/main.ts");

/** What every process of ours that a test starts is given, whatever else it is. */
export const processEnv: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  // What was built here says nothing to these tests.
  KEEPSAKE_WEB: "",
};

interface Event {
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of a run with --json. */
  readonly events: readonly Event[];
  readonly result: Event;
}

/** A person's machine in a temporary folder: the real program, with keys, vaults and exports of its own. */
export interface Machine {
  readonly folder: string;
  path(...parts: string[]): string;
  /** Runs a command; `env` adds to the environment. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  json(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Writes an export of an invented history. */
  makeExport(name: string, options: HistoryOptions, format?: string): Promise<string>;
  writeExport(name: string, events: Iterable<ReadEvent>, format?: string): Promise<string>;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes on its standard input, as it is known. */
  readonly input?: Promise<string> | AsyncIterable<string>;
  /** Called with what comes on stdout, and what stops the process. */
  readonly onOutput?: (text: string, stop: () => void) => void;
}

const now = Date.UTC(2026, 0, 1);

/** `env` is in the environment of every command. */
export async function newMachine(
  env: Readonly<Record<string, string>> = {},
): Promise<Machine & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-cli-"));
  const path = (...parts: string[]): string => join(folder, ...parts);
  const run: Machine["run"] = (args, options = {}) =>
    runProcess(folder, args, { ...options, env: { ...env, ...options.env } });
  const writeEvents = async (name: string, events: AsyncIterable<ReadEvent>, id: string): Promise<string> => {
    await mkdir(path(name));
    const format = formats.find((each) => each.id === id)!;
    await format.write!(events, await folderTarget(path(name)), {
      primitives: nodePrimitives,
      now,
      includeExpired: true,
    });
    return path(name);
  };
  return {
    folder,
    path,
    run,
    json: (args, options) => run([...args, "--json"], options),
    makeExport: (name, options, format = "jsonl") => writeEvents(name, madeHistory(options), format),
    writeExport: (name, events, format = "jsonl") => writeEvents(name, slowly(events), format),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// oxlint-disable-next-line typescript/require-await -- a list where a stream is wanted
async function* slowly(events: Iterable<ReadEvent>): AsyncGenerator<ReadEvent> {
  yield* events;
}

function runProcess(folder: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: {
      ...processEnv,
      HOME: folder,
      LANG: "en_US.UTF-8",
      TZ: "UTC",
      KEEPSAKE_CONFIG: join(folder, "config"),
      ...options.env,
    },
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  void type(options.input, child.stdin);
  let [stdout, stderr] = ["", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    options.onOutput?.(text, () => child.kill("SIGINT"));
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => {
      const events = args.includes("--json") ? parseEvents(stdout) : [];
      done({ exit: code ?? -1, stdout, stderr, events, result: events.at(-1) ?? { type: "none" } });
    });
  });
}

async function type(input: RunOptions["input"], stdin: Writable | null): Promise<void> {
  const lines = input === undefined || Symbol.asyncIterator in input ? input : [await input];
  for await (const text of lines ?? []) stdin?.write(text);
  stdin?.end();
}

function parseEvents(stdout: string): Event[] {
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Event);
}

/** Every file below a folder with its content's digest: equal means that nothing was changed. */
export async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const content: Record<string, string> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    content[file] = nodePrimitives.sha256Text((await readFile(file)).toString("base64"));
  }
  return Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}
