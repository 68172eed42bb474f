import { mapBounded, release, throwIfAborted, type Bytes, type Code } from "../../base/index.ts";
import { isDamage, PackReader, type Vault } from "../../vault/index.ts";
import { readAttachment, type StoredAttachment } from "../rows/attachments.ts";

/** One attachment, and where it goes. */
export interface FileJob {
  readonly path: string;
  readonly stored: StoredAttachment;
}

/** A file that could not be restored; the others are there. */
export interface FailedFile {
  readonly path: string;
  readonly code: Code;
}

/** Where files go: what a target of `formats` can, and no more. */
export interface FileSink {
  create(path: string): Promise<FileSinkWriter>;
}

interface FileSinkWriter extends AsyncDisposable {
  /** The bytes are gone once it has ended. */
  write(bytes: Bytes): Promise<void>;
  close(): Promise<void>;
}

/** Attachments lie side by side in packs: a read takes several. */
const READ_AHEAD_BYTES = 1024 * 1024;
const WRITES_AT_ONCE = 4;

/**
 * Restores attachments in the order in which they lie in packs. Each is compared with its digest while it is written,
 * and one that is not what it should be is taken away again; what fails with the target itself is thrown.
 */
export async function restoreFiles(
  { primitives, store, id }: Pick<Vault, "primitives" | "store" | "id">,
  jobs: readonly FileJob[],
  sink: FileSink,
  signal?: AbortSignal,
): Promise<FailedFile[]> {
  const reader = new PackReader(store, { readAheadBytes: READ_AHEAD_BYTES, signal });
  const failed: FailedFile[] = [];
  const restored = mapBounded(inPackOrder(jobs), WRITES_AT_ONCE, async ({ path, stored }) => {
    throwIfAborted(signal);
    await using file = await sink.create(path);
    const parts = readAttachment(primitives, reader, id, stored);
    for (;;) {
      const part = await nextPart(parts);
      if (typeof part === "string") return void failed.push({ path, code: part });
      if (part === undefined) return file.close();
      await file.write(part);
      release(part);
    }
  });
  for await (const _ of restored);
  return failed;
}

/** Undefined at the end; the code of what is wrong with the vault, where something is. */
async function nextPart(parts: AsyncGenerator<Bytes>): Promise<Bytes | Code | undefined> {
  try {
    const next = await parts.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    if (isDamage(error)) return error.code;
    throw error;
  }
}

/** Packs in the order in which they are first named, in each the files by where they begin. */
function inPackOrder(jobs: readonly FileJob[]): FileJob[] {
  const order = new Map<string, number>();
  for (const { stored } of jobs) {
    const pack = stored.parts[0]?.[0] ?? "";
    if (!order.has(pack)) order.set(pack, order.size);
  }
  const placeOf = ({ stored }: FileJob): readonly [number, number] => {
    const [pack = "", offset = 0] = stored.parts[0] ?? [];
    return [order.get(pack)!, offset];
  };
  return jobs
    .map((job) => ({ job, place: placeOf(job) }))
    .sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1])
    .map(({ job }) => job);
}
