import { KeepsakeError } from "../../../base/index.ts";
import { requireSafePath, type FileWriter, type Target } from "../../../formats/index.ts";

/** A target in a folder that a person let the page write to. Nothing is written over what is there. */
export function handleTarget(root: FileSystemDirectoryHandle): Target {
  /** A folder does not say whether it made a file or had it: what was begun here is known here. */
  const taken = new Set<string>();
  const has = async (path: string): Promise<boolean> => {
    requireSafePath(path);
    return taken.has(path) || (await isThere(root, path));
  };
  return {
    has,
    async create(path) {
      requireSafePath(path);
      if (taken.has(path)) throw new KeepsakeError("format.target-exists");
      taken.add(path);
      try {
        if (await isThere(root, path)) throw new KeepsakeError("format.target-exists");
        return await newFile(root, path, () => taken.delete(path));
      } catch (error) {
        taken.delete(path);
        throw error;
      }
    },
  };
}

async function isThere(root: FileSystemDirectoryHandle, path: string): Promise<boolean> {
  const { folders, name } = split(path);
  try {
    let folder = root;
    for (const each of folders) folder = await folder.getDirectoryHandle(each);
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (nameOf(error) === "NotFoundError") return false;
    // A folder is there, or something above it is a file.
    if (nameOf(error) === "TypeMismatchError") return true;
    return failed(error);
  }
}

async function newFile(
  root: FileSystemDirectoryHandle,
  path: string,
  onGivenUp: () => void,
): Promise<FileWriter> {
  const { folders, name } = split(path);
  let folder = root;
  for (const each of folders) folder = await folder.getDirectoryHandle(each, { create: true }).catch(failed);
  const file = await folder.getFileHandle(name, { create: true }).catch(failed);
  const writable = await file.createWritable().catch(failed);
  let isOpen = true;
  return {
    async write(bytes) {
      await writable.write(new Uint8Array(bytes)).catch(failed);
    },
    async close() {
      await writable.close().catch(failed);
      isOpen = false;
    },
    async [Symbol.asyncDispose]() {
      if (!isOpen) return;
      isOpen = false;
      await writable.abort().catch(ignore);
      await folder.removeEntry(name).catch(ignore);
      onGivenUp();
    },
  };
}

function split(path: string): { readonly folders: readonly string[]; readonly name: string } {
  const parts = path.split("/");
  return { folders: parts.slice(0, -1), name: parts.at(-1)! };
}

function nameOf(error: unknown): string {
  return error instanceof DOMException || error instanceof TypeError ? error.name : "";
}

function ignore(): void {
  return undefined;
}

/** A failure of the browser's file system in our words. */
function failed(cause: unknown): never {
  const name = nameOf(cause);
  if (name === "QuotaExceededError") throw new KeepsakeError("store.full", { cause });
  // A name that this system does not take, or a folder whose name is a file's.
  if (name === "TypeError" || name === "TypeMismatchError")
    throw new KeepsakeError("format.unsafe-path", { cause });
  throw new KeepsakeError("store.unavailable", { cause, retry: "later" });
}
