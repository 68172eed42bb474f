import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, constants, mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { KeepsakeError } from "@keepsake/core/base";
import { diskError, isMissing, syncFolder } from "../folder.ts";
import type { Blobs, Expected, StoredBlob } from "./blobs.ts";

const UNFINISHED = "unfinished";

/** Blobs in a folder: `ab/abc…` for whole ones, `unfinished/abc…` for those that are on their way. */
export function folderBlobs(root: string): Blobs {
  return new FolderBlobs(root);
}

class FolderBlobs implements Blobs {
  readonly #root: string;
  /** Folders that are there and stay there after a power cut. */
  readonly #ready = new Set<string>();
  /** Unfinished blobs that are written to now. */
  readonly #underWay = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  async receive(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    expected: Expected,
    offset = 0,
  ): Promise<boolean> {
    if (this.#underWay.has(key)) throw new KeepsakeError("upload.wrong-offset", { retry: "later" });
    this.#underWay.add(key);
    try {
      return await this.#receive(key, bytes, expected, offset);
    } catch (error) {
      throw diskError(error);
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #receive(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    { sizeBytes, sha256 }: Expected,
    offset: number,
  ): Promise<boolean> {
    const unfinished = this.#unfinished(key);
    await this.#makeFolder(dirname(unfinished));
    const file = await open(unfinished, offset === 0 ? "w" : "r+").catch((error: unknown) => {
      // Swept, or whole already: it begins anew.
      if (isMissing(error)) throw new KeepsakeError("upload.wrong-offset", { details: { offset: 0 } });
      throw error;
    });
    try {
      const hash = createHash("sha256");
      if (offset > 0) await hashStart(file, hash, offset);
      const end = await append(file, { bytes, hash, offset, limit: sizeBytes });
      if (end < sizeBytes) return false;
      if (end > sizeBytes || hash.digest("hex") !== sha256) {
        await rm(unfinished, { force: true });
        throw new KeepsakeError("upload.wrong-content");
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const place = this.#place(key);
    await this.#makeFolder(dirname(place));
    await rename(unfinished, place);
    await syncFolder(dirname(place));
    return true;
  }

  async receivedBytes(key: string): Promise<number> {
    return (await sizeOf(this.#unfinished(key))) ?? (await sizeOf(this.#place(key))) ?? 0;
  }

  async has(key: string, { sizeBytes }: Expected): Promise<boolean> {
    return (await sizeOf(this.#place(key))) === sizeBytes;
  }

  async read(
    key: string,
    { offset, length }: { readonly offset: number; readonly length: number },
  ): Promise<Readable | undefined> {
    const file = await open(this.#place(key), "r").catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw diskError(error);
    });
    if (file === undefined) return undefined;
    // A range of no bytes cannot be said to `createReadStream`: its end is the last byte.
    const last = Math.max(offset, offset + length - 1);
    return createReadStream("", { fd: file, start: offset, end: last, highWaterMark: READ_BYTES });
  }

  async remove(key: string): Promise<void> {
    await rm(this.#unfinished(key), { force: true });
    await rm(this.#place(key), { force: true });
  }

  async reach(): Promise<void> {
    try {
      await access(this.#root, constants.W_OK).catch((error: unknown) => {
        // The first blob makes it.
        if (!isMissing(error)) throw error;
        return access(dirname(this.#root), constants.W_OK);
      });
    } catch (error) {
      throw diskError(error);
    }
  }

  async *list(): AsyncGenerator<StoredBlob> {
    const folders = await readdir(this.#root).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw diskError(error);
    });
    for (const folder of [...folders.filter((name) => name !== UNFINISHED).toSorted(byCode), UNFINISHED]) {
      const path = join(this.#root, folder);
      const keys = await readdir(path).catch(() => []);
      for (const key of keys.toSorted(byCode)) {
        const found = await stat(join(path, key)).catch(() => undefined);
        if (found?.isFile() !== true) continue;
        const isWhole = folder !== UNFINISHED;
        yield { key, sizeBytes: found.size, storedMs: Math.floor(found.mtimeMs), isWhole };
      }
    }
  }

  #place(key: string): string {
    return join(this.#root, key.slice(0, 2), key);
  }

  #unfinished(key: string): string {
    return join(this.#root, UNFINISHED, key);
  }

  async #makeFolder(path: string): Promise<void> {
    if (this.#ready.has(path)) return;
    const first = (await mkdir(path, { recursive: true })) ?? path;
    // Every folder that was made, from the lowest to the highest, is kept by the one above it.
    for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
    this.#ready.add(path);
  }
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : 1;
}

const READ_BYTES = 256 * 1024;

/** Hashes what is there already; the file must be exactly that long. */
async function hashStart(file: FileHandle, hash: Hash, length: number): Promise<void> {
  const { size } = await file.stat();
  if (size !== length) throw new KeepsakeError("upload.wrong-offset", { details: { offset: size } });
  const buffer = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(READ_BYTES, length - at), at);
    if (bytesRead === 0) throw new KeepsakeError("upload.wrong-offset", { details: { offset: at } });
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** So much is written at once, while the next comes in. */
const WRITE_BYTES = 512 * 1024;

/** Writes and hashes what comes, and says where it ended. What goes beyond the limit is not written. */
async function append(
  file: FileHandle,
  {
    bytes,
    hash,
    offset,
    limit,
  }: { bytes: AsyncIterable<Uint8Array>; hash: Hash; offset: number; limit: number },
): Promise<number> {
  let at = offset;
  let written: Promise<void> = Promise.resolve();
  let [waiting, waitingBytes]: [Uint8Array[], number] = [[], 0];
  const write = async (): Promise<void> => {
    await written;
    written = writeAll(file, waiting, at - waitingBytes);
    // Awaited before the next: it must not count as unhandled until then.
    written.catch(() => undefined);
    for (const chunk of waiting) hash.update(chunk);
    [waiting, waitingBytes] = [[], 0];
  };
  try {
    for await (const chunk of bytes) {
      if (at + chunk.length > limit) return at + chunk.length;
      waiting.push(chunk);
      waitingBytes += chunk.length;
      at += chunk.length;
      if (waitingBytes >= WRITE_BYTES) await write();
    }
    return at;
  } finally {
    // What came before a cut is kept: the next call goes on after it.
    await write();
    await written;
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], offset: number): Promise<void> {
  let [rest, at] = [chunks, offset];
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    rest = without(rest, bytesWritten);
  }
}

/** Chunks without their first bytes. */
function without(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  return chunks.flatMap((chunk) => {
    const drop = Math.min(left, chunk.length);
    left -= drop;
    return drop === chunk.length ? [] : [chunk.subarray(drop)];
  });
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw diskError(error);
  }
}
