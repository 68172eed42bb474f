import { lstat, mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError } from "../../base/index.ts";
import {
  isInsidePath,
  isSafePath,
  requireSafePath,
  type FileWriter,
  type Target,
} from "../../formats/index.ts";
import type { FolderSink, FolderSinkFile, FolderThere } from "../../history/index.ts";
import { folderSource } from "./folder-source.ts";

/** A target in a folder, which is made if it is not there. Nothing is written outside of it or over what is there. */
export async function folderTarget(root: string): Promise<Target> {
  await mkdir(root, { recursive: true }).catch(failed);
  const made = new Set<string>();
  return {
    async has(path) {
      requireSafePath(path);
      return (await lstat(join(root, path)).catch(absent)) !== undefined;
    },
    async create(path) {
      requireSafePath(path);
      const handle = await createFile(root, path, made);
      return fileWriter(handle, join(root, path));
    },
  };
}

/** A target for a folder that was kept as it was: any name that this system takes, and times of files. */
export async function keptTarget(root: string): Promise<FolderSink> {
  await mkdir(root, { recursive: true }).catch(failed);
  const made = new Set<string>();
  return {
    async makeFolder(path) {
      requireOwnPath(path);
      await makeFolders(root, path.split("/"), made);
    },
    async create(path): Promise<FolderSinkFile> {
      requireOwnPath(path);
      const handle = await createFile(root, path, made);
      const writer = fileWriter(handle, join(root, path));
      return {
        write: (bytes) => writer.write(bytes),
        async close(modifiedUs) {
          if (modifiedUs !== undefined) await setTime(handle, modifiedUs);
          await writer.close();
        },
        [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
      };
    },
  };
}

/** What lies where a kept folder was put back. A name that this system cannot take is not there. */
export async function keptThere(root: string): Promise<FolderThere> {
  const source = await folderSource(root);
  return {
    file: (path) => source.file(path),
    async hasFolder(path) {
      if (!isOwnPath(path)) return false;
      return (await lstat(join(root, path)).catch(absent))?.isDirectory() === true;
    },
  };
}

/** What the disk cannot keep of a time shows when the folder is compared. */
async function setTime(handle: FileHandle, modifiedUs: number): Promise<void> {
  // As a text: of a number before 1970, Node makes the present.
  const seconds = String(modifiedUs / 1e6);
  await handle.utimes(seconds, seconds).catch(absent);
}

/** A name that elsewhere is a device or a stream may be an ordinary one here. */
function isOwnPath(path: string): boolean {
  return process.platform === "win32" ? isSafePath(path) : isInsidePath(path);
}

function requireOwnPath(path: string): void {
  if (!isOwnPath(path)) throw new KeepsakeError("format.unsafe-path");
}

async function createFile(root: string, path: string, made: Set<string>): Promise<FileHandle> {
  await makeFolders(root, path.split("/").slice(0, -1), made);
  // Exclusive creation refuses a link that lies at the name, wherever it leads.
  return open(join(root, path), "wx").catch(failed);
}

/** Makes the folders above a file one by one, each once; one that is a link is refused. */
async function makeFolders(root: string, parts: readonly string[], made: Set<string>): Promise<void> {
  let folder = root;
  for (const part of parts) {
    folder = join(folder, part);
    if (made.has(folder)) continue;
    await mkdir(folder).catch(async (error: unknown) => {
      const about = await lstat(folder).catch(absent);
      if (about === undefined) failed(error);
      if (!about.isDirectory()) throw new KeepsakeError("format.unsafe-path");
    });
    made.add(folder);
  }
}

function absent(): undefined {
  return undefined;
}

/** How systems refuse a name: one that is too long for the disk, or has characters in it that it does not take. */
const refusals: ReadonlySet<unknown> = new Set(["ENAMETOOLONG", "EINVAL", "EILSEQ"]);

/** A failure of the file system in our words. */
function failed(cause: unknown): never {
  const code = (cause as { code?: unknown } | null)?.code;
  if (code === "EEXIST") throw new KeepsakeError("format.target-exists", { cause });
  if (refusals.has(code)) throw new KeepsakeError("format.unsafe-path", { cause });
  if (code === "ENOSPC" || code === "EDQUOT") throw new KeepsakeError("store.full", { cause });
  throw new KeepsakeError("store.unavailable", { cause, retry: "later" });
}

function fileWriter(handle: FileHandle, path: string): FileWriter {
  let isOpen = true;
  return {
    async write(bytes) {
      await handle.writeFile(bytes).catch(failed);
    },
    async close() {
      isOpen = false;
      await handle.close().catch(failed);
    },
    async [Symbol.asyncDispose]() {
      if (!isOpen) return;
      isOpen = false;
      await handle.close().catch(absent);
      await rm(path, { force: true });
    },
  };
}
