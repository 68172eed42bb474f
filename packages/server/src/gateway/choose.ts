/** A cell, and how often it is chosen beside the others. */
export interface Weighted {
  readonly cell: number;
  readonly weight: number;
}

/**
 * Cells in the order in which they are chosen: each is first as often as its weight says, if `draw` gives it a number
 * between 0 and 1 that is as good as random. Where that hangs on the cell and a key alone, a key has its cell for as
 * long as that one is there, whichever others come and go.
 */
export function ranked(cells: readonly Weighted[], draw: (cell: number) => number): readonly number[] {
  return cells
    .filter(({ weight }) => weight > 0)
    .map(({ cell, weight }) => ({ cell, wait: -Math.log(draw(cell)) / weight }))
    .toSorted((a, b) => a.wait - b.wait || a.cell - b.cell)
    .map(({ cell }) => cell);
}

const BITS = 48;

/** Such a number out of a hash in hex. */
export function fractionOf(hash: string): number {
  return (Number.parseInt(hash.slice(0, BITS / 4), 16) + 0.5) / 2 ** BITS;
}
