import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { workerData } from "node:worker_threads";
import { KeepsakeError, type Bytes } from "../../../base/index.ts";
import { isInsidePath } from "../../../formats/index.ts";
import { FilesInPlace, PART_BYTES, type PutFile } from "../../../history/index.ts";
import { folderStore } from "../folder-store.ts";
import { nodePrimitives } from "../primitives.ts";
import type { SourceFile } from "../../../model/index.ts";
import type { SealNote, SealReply, SealRequest, SealThreadData } from "./seal-files.ts";
import { answer, note } from "./thread.ts";

/* One worker thread: hashes and seals files of a source in a folder, and puts them into packs of a store in a folder. */
const { store, source, packs, known } = workerData as SealThreadData;
const root = statSync(source).isDirectory() ? source : dirname(source);
const vault = { primitives: nodePrimitives, store: folderStore(store) };
const sealer = new FilesInPlace(vault, { packs, known, onStored: note });
/** Small files are read here, one after the other: fresh memory for each takes longer than sealing it. */
const scratch: Bytes = new Uint8Array(PART_BYTES + 1);
let before: Promise<unknown> = Promise.resolve();

answer<SealRequest, SealReply>((request) => {
  const done = before.then(() => carryOut(request));
  before = done.catch(() => undefined);
  return done;
});

async function carryOut(request: SealRequest): Promise<SealReply> {
  if (request === undefined) return sealer.flush().then(() => undefined);
  if ("path" in request) return put(request.path, (file) => sealer.put(file, request.week));
  const path = request.parts;
  const onPart = (part: PutFile): void => note({ path, part } satisfies SealNote);
  return put(path, (file) => sealer.putParts(file, onPart));
}

async function put(path: string, seal: (file: SourceFile) => Promise<PutFile>): Promise<PutFile> {
  if (!isInsidePath(path)) throw new KeepsakeError("format.unreadable");
  const file = orUnreadable(() =>
    openSync(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)),
  );
  try {
    const sizeBytes = orUnreadable(() => fstatSync(file).size);
    return await seal({ path, sizeBytes, open: () => pieces(file, sizeBytes <= PART_BYTES) });
  } finally {
    closeSync(file);
  }
}

/** A small file comes as one piece in the memory that all share; who reads a large one keeps its pieces. */
// oxlint-disable-next-line typescript/require-await -- the port is asynchronous
async function* pieces(file: number, isSmall: boolean): AsyncGenerator<Bytes> {
  const wanted = isSmall ? scratch.length : PART_BYTES;
  for (let at = 0; ; at += wanted) {
    const length = fill(file, at, wanted);
    const isOnly = isSmall && at === 0 && length < wanted;
    if (length > 0) yield isOnly ? scratch.subarray(0, length) : scratch.slice(0, length);
    if (length < wanted) return;
  }
}

/** Reads until so many bytes are there, or the file ends; how many there are. */
function fill(file: number, at: number, wanted: number): number {
  let filled = 0;
  for (let read = -1; read !== 0 && filled < wanted; filled += read)
    read = orUnreadable(() => readSync(file, scratch, filled, wanted - filled, at + filled));
  return filled;
}

function orUnreadable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new KeepsakeError("format.unreadable", { cause });
  }
}
