import { KeepsakeError, type Retry } from "../../base/index.ts";

const full: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** How file systems say that they have no hard links. Where it means something else, the next call says so too. */
const noLinks: ReadonlySet<string> = new Set([
  "EPERM",
  "EACCES",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EXDEV",
  "EMLINK",
  "EINVAL",
]);
/** How file systems, and Windows, refuse to sync a folder; there names are kept by the file system's own journal. */
const noFolderSync: ReadonlySet<string> = new Set([
  "EINVAL",
  "EISDIR",
  "EPERM",
  "EACCES",
  "EBADF",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
]);
/** How a rename onto something that is there fails, wherever. */
const taken: ReadonlySet<string> = new Set([
  "EEXIST",
  "ENOTEMPTY",
  "ENOTDIR",
  "EISDIR",
  "EPERM",
  "EACCES",
  "EBUSY",
]);

/** The code of an error of a disk; undefined for any other error. */
export function diskCode(error: unknown): string | undefined {
  if (KeepsakeError.is(error) || !(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

export function isDiskCode(error: unknown, code: string): boolean {
  return diskCode(error) === code;
}

export function hasNoLinks(error: unknown): boolean {
  return noLinks.has(diskCode(error) ?? "");
}

export function hasNoFolderSync(error: unknown): boolean {
  return noFolderSync.has(diskCode(error) ?? "");
}

export function mayBeTaken(error: unknown): boolean {
  return taken.has(diskCode(error) ?? "");
}

/** The store's error for a disk's; without its text, which names a person's folders. Others stay as they are. */
export function storeError(error: unknown, retry: Retry = "later"): unknown {
  const code = diskCode(error);
  if (code === undefined) return error;
  return new KeepsakeError(full.has(code) ? "store.full" : "store.unavailable", {
    retry: full.has(code) ? "never" : retry,
    details: { reason: code },
  });
}
