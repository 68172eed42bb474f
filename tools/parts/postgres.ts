import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { debianPostgres, npmPostgres, type Missing, type Programs } from "./postgres-programs.ts";
import { freePort } from "../../packages/server/src/free-port.ts";

/** A PostgreSQL of its own on the loopback, all in a temporary folder, with fsync. Disposing of it ends it. */
export interface Postgres extends AsyncDisposable {
  readonly url: string;
  /** The folder in which its data lies. */
  readonly data: string;
  /** Ends the connections and the processes in order; what was committed is kept. */
  stop(): Promise<void>;
  /** Ends every process at once, as a power cut would, but for what the system holds in memory. */
  kill(): Promise<void>;
  /** Starts again what was stopped or killed; returns once it answers. */
  start(): Promise<void>;
}

/** A primary, and a standby that has everything before the primary acknowledges it. */
export interface PostgresPair extends AsyncDisposable {
  readonly primary: Postgres;
  readonly standby: Postgres;
  /** Makes the standby a primary, which waits for no other. */
  promote(): Promise<void>;
}

/** Where a running PostgreSQL is handed over to the tests. */
const handedOver = "KEEPSAKE_TEST_POSTGRES";
const owner = "keepsake";
const standbyName = "standby";
const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on", "max_connections=60"];

/** The PostgreSQL that the test run started for all, or one of this test's own, which disposing ends. */
export async function postgresForTests(): Promise<AsyncDisposable & { readonly url: string }> {
  const url = process.env[handedOver];
  return url === undefined ? startPostgres18() : { url, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** What `postgresForTests` of other processes is to find. */
export function handOverPostgres({ url }: Postgres): void {
  process.env[handedOver] = url;
}

/** Makes and starts a PostgreSQL 18 from npm. Throws if there is none for this system. */
export async function startPostgres18(): Promise<Postgres> {
  const folder = temporaryFolder();
  try {
    const programs = present(npmPostgres(folder));
    const data = makeCluster(programs, folder, "data");
    return await startCluster({ programs, data, settings, folder, isWhole: true });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Makes and starts a pair of Debian's PostgreSQL. Throws if it is not installed. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const folder = temporaryFolder();
  const started: Cluster[] = [];
  const disposeAll = async (): Promise<void> => {
    for (const cluster of started) await cluster[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const programs = present(debianPostgres());
    const data = makeCluster(programs, folder, "primary");
    const replicated = [...settings, `synchronous_standby_names=${standbyName}`, "synchronous_commit=on"];
    const primary = await startCluster({ programs, data, settings: replicated, folder });
    started.push(primary);
    const copy = join(folder, "standby");
    const { port } = new URL(primary.url);
    const from = ["-h", "127.0.0.1", "-p", port, "-U", owner, "-R", "--checkpoint=fast"];
    runProgram(programs, "pg_basebackup", [...from, "-D", copy]);
    const named = [...settings, `cluster_name=${standbyName}`];
    const standby = await startCluster({ programs, data: copy, settings: named, folder });
    started.push(standby);
    const promote = (): Promise<void> => {
      runProgram(programs, "pg_ctl", ["promote", "-D", copy]);
      return Promise.resolve();
    };
    return { primary, standby, promote, [Symbol.asyncDispose]: disposeAll };
  } catch (error) {
    await disposeAll();
    throw error;
  }
}

function present(found: Programs | Missing): Programs {
  if ("missing" in found) throw new Error(`no PostgreSQL: ${found.missing}`);
  return found;
}

/** A folder that belongs to whom PostgreSQL runs as. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-postgres-"));
  const as = runAs();
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  return folder;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres` or, where there is none, as `nobody`. */
function runAs(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const account = ["postgres", "nobody"].flatMap((name) => accounts.filter(([first]) => first === name))[0];
  if (account === undefined) throw new Error("no account that PostgreSQL could run as");
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

function makeCluster(programs: Programs, folder: string, name: string): string {
  const data = join(folder, name);
  const form = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  runProgram(programs, "initdb", ["-D", data, "-U", owner, ...form]);
  return data;
}

const MOST_TRIES = 20;
const BUSY_MS = 100;

function runProgram({ bin }: Programs, program: string, args: readonly string[]): void {
  let [status, stderr]: [number | null, string] = [0, ""];
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    ({ status, stderr } = spawnSync(join(bin, program), args, {
      ...runAs(),
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    }));
    // A process that another thread starts just now may still hold a program open that was copied a moment ago.
    if (!stderr.includes("Text file busy")) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
  }
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${stderr}`);
}

interface ClusterOptions {
  readonly programs: Programs;
  readonly data: string;
  readonly settings: readonly string[];
  /** Removed when this process ends without having disposed of the cluster. */
  readonly folder: string;
  /** Nothing but the cluster lies in the folder, which goes with it. */
  readonly isWhole?: boolean;
}

async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const cluster = new Cluster(options, await freePort());
  await cluster.start();
  return cluster;
}

/** One cluster: a folder of data and, between start and stop, the process that serves it. */
class Cluster implements Postgres {
  readonly url: string;
  readonly data: string;
  readonly #options: ClusterOptions;
  readonly #port: number;
  readonly #endWithUs = (): void => {
    this.#killAll();
    rmSync(this.#options.folder, { recursive: true, force: true });
  };
  #process: ChildProcess | undefined;

  constructor(options: ClusterOptions, port: number) {
    this.#options = options;
    this.#port = port;
    this.data = options.data;
    this.url = `postgres://${owner}@127.0.0.1:${port}/postgres`;
  }

  async start(): Promise<void> {
    const { programs, data, settings: given } = this.#options;
    const args = ["-D", data, "-p", String(this.#port), ...given.flatMap((setting) => ["-c", setting])];
    const child = spawn(join(programs.bin, "postgres"), args, {
      ...runAs(),
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    process.once("exit", this.#endWithUs);
    const said: string[] = [];
    const ready = Promise.withResolvers<void>();
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (said.length < 50) said.push(line);
      if (/ready to accept (?:read-only )?connections/.test(line)) ready.resolve();
    });
    child.once("error", ready.reject);
    child.once("exit", () => ready.reject(new Error(`postgres did not start: ${said.join("\n")}`)));
    await ready.promise;
  }

  stop(): Promise<void> {
    return this.#end(() => this.#process?.kill("SIGINT"));
  }

  kill(): Promise<void> {
    return this.#end(() => this.#killAll());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(() => this.#process?.kill("SIGQUIT"));
    const { folder, isWhole } = this.#options;
    if (isWhole === true) rmSync(folder, { recursive: true, force: true });
  }

  async #end(how: () => void): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null) {
      how();
      await ended;
    }
    this.#process = undefined;
    process.removeListener("exit", this.#endWithUs);
  }

  /** The process and its children, which have groups of their own. */
  #killAll(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    const children = childrenOf(pid);
    this.#process?.kill("SIGKILL");
    for (const child of children) endIfThere(child);
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter((text) => text !== "")
      .map(Number);
  } catch {
    return []; // Without /proc they end by themselves, when they miss their parent.
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
