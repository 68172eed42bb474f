import type { Stretch } from "../../../../model/index.ts";
import type { Piece } from "./blocks.ts";

/** What of a chat is to be told next: that a time is as it was, or pieces of it. */
export type Part = Stretch | readonly Piece[];

/**
 * Pieces as parts in order of time. Pieces that share some time go together, and are read if one of them must be: a
 * stretch that is passed over shares its time with nothing else.
 */
export function partsOf(pieces: readonly Piece[]): Part[] {
  const parts: Part[] = [];
  for (const group of sharing(pieces)) {
    const before = parts.at(-1);
    if (group.every(({ isSame }) => isSame)) {
      const messages = group.reduce((sum, { rows }) => sum + rows, 0);
      const until = Math.max(...group.map(({ last }) => last));
      if (before !== undefined && "from" in before)
        parts[parts.length - 1] = { from: before.from, until, messages: before.messages + messages };
      else parts.push({ from: group[0]!.first, until, messages });
    } else if (before !== undefined && !("from" in before)) parts[parts.length - 1] = [...before, ...group];
    else parts.push(group);
  }
  return parts;
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
