import { away } from "./problems.ts";

/* Money between us, in whole numbers of the smallest unit, and providers, who have ideas of their own. */

/** A whole number of an answer. Throws `pay.provider-away` for anything else. */
export function whole(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw away("answer");
}
/** What a text with two decimals, such as 130.00, comes to in hundredths. */
export function hundredths(text: unknown): number {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(typeof text === "string" ? text.trim() : "");
  if (match === null) throw away("answer");
  const minor = Number(match[2]) * 100 + Number((match[3] ?? "").padEnd(2, "0"));
  return match[1] === "-" ? -minor : minor;
}

/** Hundredths as a text with two decimals. */
export function decimal(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, "0");
  return `${minor < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
/** How many decimals a currency has: 2 for CNY, 0 for JPY. */
export function decimalsOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) throw away("answer");
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
    .maximumFractionDigits!;
}

/** So many of the smallest unit as an amount comes to that is told in thousandths of a whole one. */
export function fromThousandths(thousandths: unknown, currency: unknown): number {
  if (typeof currency !== "string") throw away("answer");
  return Math.round((whole(thousandths) * 10 ** decimalsOf(currency)) / 1000);
}
