import { concatBytes, type Bytes } from "../../../base/index.ts";
import { ALIGN_BYTES } from "../../../vault/store/index.ts";

/** Objects are fetched and kept in blocks of this size, aligned to it; the last one of an object is shorter. */
export const BLOCK_BYTES: number = ALIGN_BYTES;

/** Bytes from the beginning of a block on, in blocks: where they end before `count`, the last one is short. */
export function toBlocks(bytes: Bytes, count: number = Infinity): Bytes[] {
  const blocks: Bytes[] = [];
  for (let at = 0; at + BLOCK_BYTES <= bytes.length && blocks.length < count; at += BLOCK_BYTES)
    blocks.push(bytes.subarray(at, at + BLOCK_BYTES));
  if (blocks.length < count) blocks.push(bytes.subarray(blocks.length * BLOCK_BYTES));
  return blocks;
}

/** Whether its object ends with a block. */
export function isLast(block: Bytes): boolean {
  return block.length < BLOCK_BYTES;
}

interface Wanted {
  /** The number of the first block. */
  readonly first: number;
  readonly offset: number;
  readonly length: number;
}

/** The part of an object that lies in a range, in memory of its own. */
export function fromBlocks(blocks: readonly Bytes[], { first, offset, length }: Wanted): Bytes {
  const start = offset - first * BLOCK_BYTES;
  const parts = blocks.map((block, i) => {
    const at = i * BLOCK_BYTES;
    return block.subarray(Math.max(0, start - at), Math.max(0, start + length - at));
  });
  return concatBytes(...parts);
}
