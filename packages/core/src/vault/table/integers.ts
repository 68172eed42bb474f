import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { looseRoom, type Room } from "../room.ts";
import { ByteReader, ByteWriter, countNumbers } from "./varint.ts";

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

/** All values of a column, which ends with the last of them. Throws `vault.corrupt`. */
export function decodeIntegers(column: Bytes, room: Room = looseRoom): Float64Array {
  const reader = new ByteReader(column);
  const method = reader.byte();
  if (method !== PLAIN && method !== DELTA) throw damaged();
  const divisor = method === DELTA ? reader.unsigned() : 0;
  const rest = reader.bytes(reader.remaining);
  const values = room.float64(countNumbers(rest));
  const numbers = new ByteReader(rest);
  let last = 0;
  for (let i = 0; numbers.remaining > 0; i++) {
    const read = numbers.signed();
    last = method === PLAIN || i === 0 ? read : last + read * divisor;
    if (!Number.isSafeInteger(last)) throw damaged();
    values[i] = last;
  }
  return values;
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

function damaged(): KeepsakeError {
  return new KeepsakeError("vault.corrupt", { details: { what: "integers" } });
}
