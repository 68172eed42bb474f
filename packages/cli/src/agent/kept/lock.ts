import { randomBytes } from "node:crypto";
import { link, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesToText, KeepsakeError } from "@keepsake/core/base";
import { readIfThere } from "../../device/folders.ts";
import { agentFile } from "./files.ts";
import { GONE, processStart } from "../machine/process-start.ts";

/** Who holds the lock. */
interface Holder {
  readonly pid: number;
  /** When that process was started, as its system says it. */
  readonly start?: string;
  /** A random word, so that no lock is taken for another. */
  readonly token: string;
}

/** The one agent of a config folder. */
export interface Lock extends AsyncDisposable {
  /** Whether it is still this agent's: false after two agents took over a dead one's lock at the same moment. */
  isHeld(): Promise<boolean>;
}

/** Makes this process the only agent. One that has died is taken over from. Throws `agent.running`. */
export async function takeLock(env: NodeJS.ProcessEnv): Promise<Lock> {
  const path = agentFile(env, "lock.json");
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const start = await processStart(process.pid);
  const own: Holder = { pid: process.pid, ...(start !== undefined && { start }), token: word() };
  while (!(await create(path, own))) {
    const holder = await readHolder(path);
    if (holder !== undefined && (await isAlive(holder)))
      throw new KeepsakeError("agent.running", { retry: "later" });
    await setAside(path, holder?.token);
  }
  return {
    isHeld: async () => (await readHolder(path))?.token === own.token,
    async [Symbol.asyncDispose]() {
      if ((await readHolder(path))?.token === own.token) await rm(path, { force: true });
    },
  };
}

/** Whether an agent runs now. */
export async function isAgentRunning(env: NodeJS.ProcessEnv): Promise<boolean> {
  const holder = await readHolder(agentFile(env, "lock.json"));
  return holder !== undefined && isAlive(holder);
}

async function create(path: string, holder: Holder): Promise<boolean> {
  // Written beside it and linked, so that nobody ever reads half of it.
  const written = `${path}.${holder.token}`;
  await writeFile(written, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
  try {
    await link(written, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

/** Takes a dead holder's lock away; one that another agent made meanwhile is put back. */
async function setAside(path: string, token: string | undefined): Promise<void> {
  const aside = `${path}.${word()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await readHolder(aside))?.token !== token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isAlive({ pid, start }: Holder): Promise<boolean> {
  const now = await processStart(pid);
  return now !== GONE && (now === undefined || start === undefined || now === start);
}

/** Undefined where there is none, or one that nobody can read. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const file = await readIfThere(path);
  try {
    return file === undefined ? undefined : (JSON.parse(bytesToText(file)) as Holder);
  } catch {
    return undefined;
  }
}

function word(): string {
  return randomBytes(8).toString("hex");
}
