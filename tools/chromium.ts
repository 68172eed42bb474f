import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How every browser of ours is started: no network of its own, no sandbox (it runs as root in CI), no GPU. */
export const launchArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a Chromium was found, or in one sentence why there is none. */
export type Chromium = { readonly path: string; readonly from: string } | { readonly missing: string };

/** Looks in the order: $CHROMIUM_PATH, the system, Debian's package (if `install`), npm. */
export async function findChromium(options: { readonly install: boolean }): Promise<Chromium> {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") {
    return isRunnable(given)
      ? { path: given, from: "$CHROMIUM_PATH" }
      : { missing: `$CHROMIUM_PATH names ${given}, which cannot be run` };
  }
  return systemChromium() ?? (options.install ? debianChromium() : undefined) ?? (await npmChromium());
}

function systemChromium(): Chromium | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isRunnable);
  return path === undefined ? undefined : { path, from: "the system" };
}

function debianChromium(): Chromium | undefined {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return undefined;
  const apt = (...args: string[]): boolean =>
    spawnSync("apt-get", ["-qq", ...args], {
      stdio: "ignore",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0;
  return apt("update") && apt("install", "-y", "--no-install-recommends", "chromium")
    ? systemChromium()
    : undefined;
}

async function npmChromium(): Promise<Chromium> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return {
      missing: `no Chromium on this system, and npm has none for ${process.platform} ${process.arch}`,
    };
  }
  // The package unpacks the libraries that it needs only where it believes itself on that service.
  process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs22.x";
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return { path: await chromium.executablePath(), from: "npm" };
  } catch (error) {
    return { missing: `no Chromium on this system, and npm's could not be unpacked: ${String(error)}` };
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
