import { SEALED_BLOCK_BYTES } from "./sealed-blocks.ts";

/** Neighbouring blocks of one object that were fetched together, sealed one by one, in a file of their own. */
export interface Run {
  readonly object: string;
  readonly first: number;
  readonly sizeBytes: number;
  /** Whether it is of the key directory. */
  readonly holdsKeys: boolean;
  /** Another for each file; in order of time. */
  readonly id: string;
}

const pattern = /^([a-z]+)-([0-9a-z]{1,40})-(\d{1,6})-(\d{1,9})-([kp])-([0-9a-z]{16})$/;

/** The name of its file says all of it, so that a folder need only be listed. */
export function runName({ object, first, sizeBytes, holdsKeys, id }: Run): string {
  return `${object.replace("/", "-")}-${first}-${sizeBytes}-${holdsKeys ? "k" : "p"}-${id}`;
}

/** Undefined for a file that is none of ours. */
export function parseRun(name: string): Run | undefined {
  const match = pattern.exec(name);
  if (match === null) return undefined;
  const [, folder, object, first, sizeBytes, kind, id] = match as unknown as readonly string[];
  return {
    object: `${folder}/${object}`,
    first: Number(first),
    sizeBytes: Number(sizeBytes),
    holdsKeys: kind === "k",
    id: id!,
  };
}

export function newRunId(): string {
  const random = crypto.getRandomValues(new Uint8Array(6));
  const rest = [...random].map((byte) => (byte % 36).toString(36)).join("");
  return Date.now().toString(36).padStart(10, "0") + rest;
}

/** How many blocks lie in it; the last one may be short, and empty. */
export function blocksOf({ sizeBytes }: Pick<Run, "sizeBytes">): number {
  return Math.ceil(sizeBytes / SEALED_BLOCK_BYTES);
}
