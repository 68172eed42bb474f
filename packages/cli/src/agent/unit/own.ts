import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { agentFolder } from "../kept/files.ts";
import { mainPath } from "../round/child.ts";
import { unitFor, type Unit } from "./unit.ts";
import { cacheFolder } from "../../where.ts";
import type { Language } from "../../ui/language.ts";

/** It waits most of the time: a small heap and the first compiler alone make 60 MB of 70, measured on Linux. */
const SMALL = ["--max-semi-space-size=1", "--max-opt=1", "--optimize-for-size", "--v8-pool-size=1"];

/** The unit for this machine and this person; undefined where the system's scheduler is not known. */
export function ownUnit(env: NodeJS.ProcessEnv, language: Language): Unit | undefined {
  const kept = ["KEEPSAKE_CONFIG", "KEEPSAKE_CACHE"].flatMap((name) => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [[name, resolve(value)]];
  });
  const words = [process.execPath, ...SMALL, mainPath(), "agent", "run", `--lang=${language}`] as const;
  return unitFor(
    process.platform,
    {
      words,
      env: {
        ...(Object.fromEntries(kept) as Record<string, string>),
        // From its first file on: code that was compiled once is not compiled again, which makes it much smaller.
        NODE_COMPILE_CACHE: env["NODE_COMPILE_CACHE"] ?? join(cacheFolder(env), "code"),
        ...(process.platform === "linux" && { MALLOC_ARENA_MAX: "1" }),
        // Each disk that does not answer holds a thread up. On Windows such a setting comes too late for the threads.
        ...(process.platform !== "win32" && { UV_THREADPOOL_SIZE: "16" }),
      },
    },
    { home: env["HOME"] ?? homedir(), uid: userInfo().uid, folder: agentFolder(env), env },
  );
}
