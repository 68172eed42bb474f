/** A stream of numbers that is the same for the same seed, everywhere. Fit for tests, not for keys. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  next(): number;
  /** From 0 on, below 1. */
  unit(): number;
  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Mean 1, never negative; most are small and a few are large. */
  exponential(): number;
}

/** A stream for these seeds: mulberry32 from a 32-bit hash of all of them. */
export function randomOf(...seeds: readonly (string | number)[]): Random {
  let state = hashOf(seeds.join("\u0000"));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const unit = (): number => next() / 2 ** 32;
  return {
    next,
    unit,
    below: (limit) => Math.floor(unit() * limit),
    chance: (probability) => unit() < probability,
    pick: (from) => from[Math.floor(unit() * from.length)]!,
    exponential: () => -Math.log(1 - unit()),
  };
}

/** A 32-bit hash of a text (FNV-1a with a last mix). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Draws the place of a weight with the probability of its share. */
export function weighted(weights: readonly number[]): (random: Random) => number {
  let sum = 0;
  const bounds = Float64Array.from(weights, (weight) => (sum += weight));
  return (random) => {
    const drawn = random.unit() * sum;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Weights that fall as 1 / (rank + shift) ^ exponent: how often words are used and how large chats are. */
export function zipfWeights(count: number, exponent = 1, shift = 2): number[] {
  return Array.from({ length: count }, (_, rank) => (rank + shift) ** -exponent);
}
