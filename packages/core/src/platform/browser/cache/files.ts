import type { Bytes } from "../../../base/index.ts";

/** A file as it lies there. Throws where it is gone. */
export async function findFile(folder: FileSystemDirectoryHandle, name: string): Promise<File> {
  return (await folder.getFileHandle(name)).getFile();
}

/** Part of a file; undefined where it is gone or cannot be read. */
export async function readPart(
  file: Promise<File>,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await (await file).slice(start, end).arrayBuffer());
  } catch {
    return undefined;
  }
}

/** Writes a new file. Throws as the browser does; then nothing of that name is there, unless it cannot be removed. */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Bytes,
): Promise<void> {
  try {
    const file = await folder.getFileHandle(name, { create: true });
    await (isInWorker(file) ? writeInWorker(file, bytes) : writeInPage(file, bytes));
  } catch (error) {
    await removeFile(folder, name);
    throw error;
  }
}

/** What only workers have of files, and the types of pages do not. */
interface WorkersFile {
  createSyncAccessHandle(): Promise<{ write(bytes: Bytes): number; close(): void }>;
}

function isInWorker(file: object): file is WorkersFile {
  return "createSyncAccessHandle" in file;
}

async function writeInWorker(file: WorkersFile, bytes: Bytes): Promise<void> {
  const access = await file.createSyncAccessHandle();
  try {
    if (access.write(bytes) < bytes.length) throw new DOMException("", "QuotaExceededError");
  } finally {
    access.close();
  }
}

async function writeInPage(file: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  const writable = await file.createWritable();
  await writable.write(bytes);
  await writable.close();
}

/** Removes a file, as far as the browser lets it go. */
export function removeFile(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  return folder.removeEntry(name).catch(() => undefined);
}
