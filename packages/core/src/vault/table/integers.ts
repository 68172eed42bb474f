import { ByteReader, ByteWriter } from "./varint.ts";
import type { Bytes } from "../../base/index.ts";

const PLAIN = 0;
const DELTA = 1;

/**
 * FORMAT.md, "Columns of numbers": the values as they are, or the differences between neighbours divided by what
 * divides them all (times in whole seconds). Whichever is shorter.
 */
export function encodeIntegers(values: readonly number[]): Bytes {
  const plain = new ByteWriter();
  plain.byte(PLAIN);
  for (const value of values) plain.signed(value);
  const divisor = commonDivisor(values);
  if (divisor === undefined) return plain.finish();
  const delta = new ByteWriter();
  delta.byte(DELTA);
  delta.unsigned(divisor);
  let last = 0;
  for (const [i, value] of values.entries()) {
    delta.signed(i === 0 ? value : (value - last) / divisor);
    last = value;
  }
  return delta.length < plain.length ? delta.finish() : plain.finish();
}

/** Reads one value after the other. */
export function integerReader(column: Bytes): () => number {
  const reader = new ByteReader(column);
  if (reader.byte() === PLAIN) return () => reader.signed();
  const divisor = reader.unsigned();
  let last: number | undefined;
  return () => {
    last = last === undefined ? reader.signed() : last + reader.signed() * divisor;
    return last;
  };
}

/** What divides all differences between neighbours; undefined where a difference is not a safe integer. */
function commonDivisor(values: readonly number[]): number | undefined {
  let divisor = 0;
  for (let i = 1; i < values.length && divisor !== 1; i++) {
    const difference = Math.abs(values[i]! - values[i - 1]!);
    if (difference > Number.MAX_SAFE_INTEGER) return undefined;
    divisor = greatestCommonDivisor(difference, divisor);
  }
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]! - values[i - 1]!) > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return Math.max(divisor, 1);
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
