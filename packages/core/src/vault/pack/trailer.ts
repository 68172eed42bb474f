import { SEAL_OVERHEAD_BYTES } from "../seal/index.ts";

/** The length of the sealed trailer, which holds the length of the sealed directory. */
export const TRAILER_BYTES: number = SEAL_OVERHEAD_BYTES + 4;

/** What a pack's directory says of an object: enough to open it with its collection's key. */
export type DirectoryEntry = readonly [
  offset: number,
  length: number,
  type: string,
  collection: string,
  epoch: number,
  id: string,
];
