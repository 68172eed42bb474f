import { concatBytes, type Bytes, type ForeignCiphers } from "../base/index.ts";
import type { ByteRange, SourceFile } from "../model/index.ts";

const BLOCK_BYTES = 16;

/** A protected file of a backup, as it was on the phone: decrypted while it is read, wherever the reading begins. */
export function openedFile(sealed: SourceFile, { sizeBytes, key, ciphers }: OpenedFile): SourceFile {
  const stored = Math.floor(sealed.sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  const length = Math.min(sizeBytes ?? stored, stored);
  const open = (range: ByteRange = { start: 0 }): AsyncIterable<Bytes> =>
    decrypted(sealed, { key, ciphers, start: range.start, end: Math.min(range.end ?? length, length) });
  const { path, modifiedMs } = sealed;
  return { path, sizeBytes: length, ...(modifiedMs !== undefined && { modifiedMs }), open };
}

export interface OpenedFile {
  /** How long it is without padding; all of its blocks if absent. */
  readonly sizeBytes?: number | undefined;
  readonly key: Bytes;
  readonly ciphers: ForeignCiphers;
}

interface Part {
  readonly key: Bytes;
  readonly ciphers: ForeignCiphers;
  readonly start: number;
  readonly end: number;
}

/** Every block is decrypted with the one before it, so that reading begins a block early. */
async function* decrypted(sealed: SourceFile, { key, ciphers, start, end }: Part): AsyncGenerator<Bytes> {
  if (start >= end) return;
  let at = Math.floor(start / BLOCK_BYTES) * BLOCK_BYTES;
  const last = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
  let before: Bytes | undefined = at === 0 ? new Uint8Array(BLOCK_BYTES) : undefined;
  let rest: Bytes = new Uint8Array(0);
  for await (const piece of sealed.open({ start: before === undefined ? at - BLOCK_BYTES : at, end: last })) {
    const all = rest.length === 0 ? piece : concatBytes(rest, piece);
    const whole = all.length - (all.length % BLOCK_BYTES);
    rest = all.slice(whole);
    let blocks = all.slice(0, whole);
    if (before === undefined && whole > 0) {
      before = blocks.slice(0, BLOCK_BYTES);
      blocks = blocks.slice(BLOCK_BYTES);
    }
    if (blocks.length === 0) continue;
    const plain = await ciphers.decryptCbc(key, before!, blocks);
    before = blocks.slice(-BLOCK_BYTES);
    const wanted = plain.subarray(Math.max(0, start - at), end - at);
    at += blocks.length;
    if (wanted.length > 0) yield wanted;
  }
}
