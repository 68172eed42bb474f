import { rm } from "node:fs/promises";
import { measure } from "./measure.ts";

/** A tool under test: the commands of its life with one repository. */
export interface Tool {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly init: readonly string[];
  backup(source: string): readonly string[];
  restore(target: string): readonly string[];
  /** Restores all files but some, by their paths in the source, where the tool knows nothing of text. */
  restoreAllBut?(target: string, others: readonly string[]): readonly string[];
  /** Restores text before files and tells its events, where the tool knows text. */
  restoreText?(target: string): readonly string[];
  /** Looks for a text in all messages, where the tool knows messages. */
  search?(text: string): readonly string[];
  /** Forgets all: the next `init` begins anew. */
  clean(): Promise<void>;
  readonly repository: string;
}

/** What takes so little time is asked for several times in a run. */
export const UNCHANGED_RUNS = 3;

export const attachmentsAlone = "restore of the attachments alone, wall s";

/** The source stands under one name on both days. */
export async function swap(source: string, day: string): Promise<void> {
  await rm(source, { recursive: true, force: true });
  await measure(["cp", "-al", day, source], {});
}

/** `whose` says whose account is read where a source has several. */
export function keepsake(root: string, cli: readonly string[], whose: readonly string[] = []): Tool {
  const repository = `${root}/keepsake`;
  const config = `${root}/keepsake-config`;
  const store = ["--store", repository, "--quiet"];
  return {
    name: "keepsake",
    repository,
    env: { KEEPSAKE_CONFIG: config, XDG_CACHE_HOME: `${root}/keepsake-cache` },
    init: [
      "sh",
      "-c",
      `mkdir -p ${repository} && exec "$@"`,
      "sh",
      ...cli,
      "init",
      ...store,
      "--kit-file",
      `${config}-kit.html`,
    ],
    backup: (source) => [...cli, "backup", source, ...store, "--name", "phone", ...whose],
    restore: (target) => [...cli, "restore", target, ...store],
    restoreText: (target) => [...cli, "restore", target, ...store, "--text-first", "--json"],
    search: (text) => [...cli, "search", text, ...store],
    clean: async () => {
      for (const path of [
        repository,
        config,
        `${config}-kit.html`,
        `${config}-kit.txt`,
        `${root}/keepsake-cache`,
      ]) {
        await rm(path, { recursive: true, force: true });
      }
    },
  };
}

export function restic(root: string): Tool {
  const repository = `${root}/restic`;
  const base = ["restic", "-q", "--cache-dir", `${root}/restic-cache`, "-r", repository];
  const restored = [...base, "restore", "latest", "--target"];
  return {
    name: "restic",
    repository,
    env: { RESTIC_PASSWORD: "bench" },
    init: [...base, "init"],
    // From inside the folder, so that both days have the same paths, as they do on a phone's owner's disk.
    backup: (source) => ["sh", "-c", `cd ${source} && exec "$@"`, "sh", ...base, "backup", "."],
    restore: (target) => [...restored, target],
    restoreAllBut: (target, others) => [
      ...restored,
      target,
      ...others.flatMap((path) => ["--exclude", path]),
    ],
    clean: async () => {
      for (const path of [repository, `${root}/restic-cache`])
        await rm(path, { recursive: true, force: true });
    },
  };
}

export function borg(root: string): Tool {
  const repository = `${root}/borg`;
  const extract = (target: string, options: readonly string[] = []): readonly string[] => [
    "sh",
    "-c",
    `mkdir -p ${target} && cd ${target} && exec borg extract "$@" "$0::$(borg list --short --last 1 "$0")"`,
    repository,
    ...options,
  ];
  return {
    name: "borg",
    repository,
    env: { BORG_PASSPHRASE: "bench", BORG_BASE_DIR: `${root}/borg-base` },
    init: ["borg", "init", "-e", "repokey-blake2", repository],
    backup: (source) => [
      "sh",
      "-c",
      `cd ${source} && exec borg create -C zstd,3 "$0::$(date +%s%N)" .`,
      repository,
    ],
    restore: (target) => extract(target),
    restoreAllBut: (target, others) =>
      extract(
        target,
        others.flatMap((path) => ["--exclude", path]),
      ),
    clean: async () => {
      for (const path of [repository, `${root}/borg-base`]) await rm(path, { recursive: true, force: true });
    },
  };
}
