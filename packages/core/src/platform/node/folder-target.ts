import { lstat, mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError } from "../../base/index.ts";
import { requireSafePath, type FileWriter, type Target } from "../../formats/index.ts";

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
      await makeFolders(root, path.split("/").slice(0, -1), made);
      // Exclusive creation refuses a link that lies at the name, wherever it leads.
      const handle = await open(join(root, path), "wx").catch(failed);
      return fileWriter(handle, join(root, path));
    },
  };
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

/** A failure of the file system in our words. */
function failed(cause: unknown): never {
  const code = (cause as { code?: unknown } | null)?.code;
  if (code === "EEXIST") throw new KeepsakeError("format.target-exists", { cause });
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
