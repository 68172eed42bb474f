import { away } from "./problems.ts";

/* Money between us, in whole numbers of the smallest unit, and providers, who have ideas of their own. */

/** A whole number of an answer. Throws `pay.provider-away` for anything else. */
export function whole(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw away("answer");
}
