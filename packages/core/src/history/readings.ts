import type { Ref } from "../vault/index.ts";
import type { History } from "./state/state.ts";

/** When a chat was read back last, and what it was stored as then. */
export interface Reading {
  /** Where its manifest and its deltas lay: stored anew means not read yet. */
  readonly places: readonly string[];
  /** When all of it was read back, milliseconds. */
  readonly whole?: number | undefined;
  /** When a sample of it was. */
  readonly sampled?: number | undefined;
}

/** What one device remembers of its readings of one store; losing it costs knowledge, never content. */
export interface Readings {
  get(collection: string): Reading | undefined;
  set(collection: string, reading: Reading): void;
}

/** Where a chat is stored: equal places hold equal bytes, since nothing is written twice at one place. */
export function placesOf(
  { tree, deltas }: History,
  collection: string,
): { readonly pack: string; readonly place: string }[] {
  const manifest = tree.get(collection)?.manifest;
  const open = deltas.flatMap(({ entry, index }) => {
    const isIn = index.parts.some((part) => part.collection === collection);
    return isIn && entry.ref !== undefined ? [entry.ref] : [];
  });
  return [...(manifest === undefined ? [] : [manifest]), ...open].map(placed);
}

function placed([pack, offset]: Ref): { pack: string; place: string } {
  return { pack, place: `${pack.slice(0, 12)}.${offset}` };
}

/** What is remembered of a chat, if it lay then where these places are. */
export function readingOf(
  readings: Readings | undefined,
  collection: string,
  places: readonly string[],
): Reading | undefined {
  const reading = readings?.get(collection);
  const isSame = reading?.places.join() === places.join();
  return isSame ? reading : undefined;
}
