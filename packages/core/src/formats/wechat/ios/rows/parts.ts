import type { Stretch } from "../../../../model/index.ts";
import type { Piece } from "./blocks.ts";

/** What of a chat is to be told next: that a time is as it was, or pieces of it. */
export type Part = Stretch | readonly Piece[];

/**
 * Pieces as parts in order of time. Pieces that share some time go together, and are read if one of them must be: a
 * stretch that is passed over shares its time with nothing else.
 */
export function partsOf(pieces: readonly Piece[]): Part[] {
  const parts: (Stretch | Piece[])[] = [];
  for (const group of sharing(pieces)) {
    const before = parts.at(-1);
    if (group.every(({ isSame }) => isSame)) {
      const same = stretchOf(group);
      if (before !== undefined && "from" in before)
        parts[parts.length - 1] = {
          ...same,
          from: before.from,
          messages: before.messages + same.messages,
        };
      else parts.push(same);
    } else if (before !== undefined && !("from" in before)) for (const piece of group) before.push(piece);
    else parts.push(group);
  }
  return parts;
}

function stretchOf(group: readonly Piece[]): Stretch {
  let [until, messages] = [-Infinity, 0];
  for (const { last, rows } of group) {
    until = Math.max(until, last);
    messages += rows;
  }
  return { from: group[0]!.first, until, messages };
}

/** Pieces in order of time, those that share some of it together. */
function sharing(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let until = -Infinity;
  for (const piece of pieces.toSorted((a, b) => a.first - b.first)) {
    if (piece.first <= until) groups.at(-1)!.push(piece);
    else groups.push([piece]);
    until = Math.max(until, piece.last);
  }
  return groups;
}
