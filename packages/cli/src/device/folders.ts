import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";

/** Where this device keeps its keys and what it remembers. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  if (isSet(env["KEEPSAKE_CONFIG"])) return env["KEEPSAKE_CONFIG"];
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Keepsake");
  if (process.platform === "win32")
    return join(env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Keepsake");
  return join(
    isSet(env["XDG_CONFIG_HOME"]) ? env["XDG_CONFIG_HOME"] : join(homedir(), ".config"),
    "keepsake",
  );
}

/** Where this device keeps what it can do without. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (isSet(env["KEEPSAKE_CACHE"])) return env["KEEPSAKE_CACHE"];
  if (isSet(env["KEEPSAKE_CONFIG"])) return join(env["KEEPSAKE_CONFIG"], "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "Keepsake");
  if (process.platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "Keepsake", "Cache");
  return join(isSet(env["XDG_CACHE_HOME"]) ? env["XDG_CACHE_HOME"] : join(homedir(), ".cache"), "keepsake");
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** Writes a file that only its owner can read; after a crash there is the old one or the new one. */
export async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new KeepsakeError("cli.no-file", { cause });
  }
}

/** The file's content; undefined if there is none. */
export async function readIfThere(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new KeepsakeError("cli.no-file", { cause });
  }
}
