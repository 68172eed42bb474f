import { LANE } from "../rows/row.ts";
import type { Segment } from "../rows/segment.ts";

/** Only what search needs is fetched: heads and texts. */
export const SEARCH_LANES: readonly number[] = [LANE.head, LANE.text];
/** From chat to chat there is little to read ahead. */
export const SEARCH_AHEAD_BYTES: number = 128 * 1024;

/** The order in which texts lie in their packs. */
export function compareTextPlaces(a: Segment | undefined, b: Segment | undefined): number {
  const [[packA = "", offsetA = 0], [packB = "", offsetB = 0]] = [textRef(a), textRef(b)];
  return packA === packB ? offsetA - offsetB : packA < packB ? -1 : 1;
}

function textRef(segment: Segment | undefined): readonly [pack?: string, offset?: number] {
  const ref = segment?.lanes[LANE.text];
  return ref === null || ref === undefined ? [] : [ref[0], ref[1]];
}
