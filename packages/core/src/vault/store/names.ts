import { KeepsakeError, type Primitives } from "../../base/index.ts";

const alphabet = "0123456789abcdefghijklmnopqrstuv";
const NUMBER_DIGITS = 10;

/** Sixteen random bytes as 26 characters: tells nothing, repeats never. */
export function randomName(primitives: Primitives): string {
  let bits = 0n;
  for (const byte of primitives.random(16)) bits = (bits << 8n) | BigInt(byte);
  let name = "";
  for (let i = 0; i < 26; i++, bits >>= 5n) name += alphabet[Number(bits & 31n)]!;
  return name;
}

/** Heads and slot documents are numbered from 1 to this. */
const LAST_NUMBER = 9_999_999_999;

/** A number as a name whose order is that of the numbers. Throws `base.limit` after the last number. */
export function numberName(number: number): string {
  if (number > LAST_NUMBER) throw new KeepsakeError("base.limit", { details: { what: "number", number } });
  return String(number).padStart(NUMBER_DIGITS, "0");
}

/** The number of such a name; undefined for any other. */
export function nameNumber(name: string): number | undefined {
  return /^[0-9]{10}$/.test(name) && Number(name) > 0 ? Number(name) : undefined;
}
