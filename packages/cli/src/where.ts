import { homedir } from "node:os";
import { join } from "node:path";

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
