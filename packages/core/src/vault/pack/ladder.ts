const SMALLEST_BYTES = 4 * 1024;
const FINE_FROM_BYTES = 8 * 1024 * 1024;
const FINE_STEP_BYTES = 256 * 1024;
/** Room for four parts of 4 MiB and the pack's own directory. */
export const LARGEST_PACK_BYTES: number = 16 * 1024 * 1024 + FINE_STEP_BYTES;

/**
 * FORMAT.md, "The ladder": the size that a pack with `contentBytes` bytes of content is padded to.
 * Eight steps to each doubling from 4 KiB to 8 MiB, then every 256 KiB: about 120 sizes, whatever is inside.
 */
export function ladderSize(contentBytes: number): number {
  if (contentBytes > FINE_FROM_BYTES) return Math.ceil(contentBytes / FINE_STEP_BYTES) * FINE_STEP_BYTES;
  let step = SMALLEST_BYTES / 8;
  while (step * 16 < contentBytes) step *= 2;
  return Math.max(SMALLEST_BYTES, Math.ceil(contentBytes / step) * step);
}

/** Whether a pack may have this size: what an observer of a store can ever see. */
export function isLadderSize(sizeBytes: number): boolean {
  return (
    sizeBytes >= SMALLEST_BYTES && sizeBytes <= LARGEST_PACK_BYTES && ladderSize(sizeBytes) === sizeBytes
  );
}
