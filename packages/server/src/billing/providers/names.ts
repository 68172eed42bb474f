import { randomBytes, randomInt } from "node:crypto";
import { refused } from "./problems.ts";

/*
 * The name of a subscription is 16 random bytes as 26 letters and digits, so that it is a UUID as well, which is what
 * some stores want in its place: its last letter has three bits of them, and two that are nothing.
 */

const alphabet = "0123456789abcdefghijklmnopqrstuv";
const LETTERS = 26;

/** A new subscription's name: says nothing of who made it and when. */
export function newSubscription(): string {
  return lettersOf(randomBytes(16));
}

/** The UUID that a subscription's name is. Throws `pay.refused` for what is no such name. */
export function uuidOf(subscription: string): string {
  const bits = [...subscription].reduce((sum, letter) => sum * 32n + BigInt(alphabet.indexOf(letter)), 0n);
  if (!/^[0-9a-v]{25}[048cgkos]$/.test(subscription)) throw refused("name");
  const hex = (bits >> 2n).toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The subscription's name that a UUID is; undefined for what is no UUID. */
export function subscriptionOf(uuid: unknown): string | undefined {
  if (typeof uuid !== "string" || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid))
    return undefined;
  return lettersOf(Buffer.from(uuid.replaceAll("-", ""), "hex"));
}

/** The subscription that a charge's name begins with; undefined for what is no name of ours. */
export function subscriptionOfCharge(charge: unknown): string | undefined {
  return typeof charge === "string" ? /^([0-9a-v]{26})-\d{1,5}$/.exec(charge)?.[1] : undefined;
}

/** A text that is said once, for signatures. */
export function nonce(): string {
  return Array.from({ length: 32 }, () => alphabet[randomInt(32)]).join("");
}

function lettersOf(bytes: Buffer): string {
  const bits = BigInt(`0x${bytes.toString("hex")}`) << 2n;
  return Array.from(
    { length: LETTERS },
    (_, at) => alphabet[Number((bits >> BigInt(5 * (LETTERS - 1 - at))) & 31n)],
  ).join("");
}
