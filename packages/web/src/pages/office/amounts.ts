import { isAddOn, isFree, largeMoneyText, moneyText, soldAs, type Catalogue } from "@keepsake/core/plans";
import { language } from "../../state/language.ts";

const DAY_MS = 86_400_000;

/** A day of UTC since 1970, as books write it. */
export function dayOfBooks(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

export function money(amountMinor: number, currency: string): string {
  return moneyText(amountMinor, { currency, language: language.value });
}

export function largeMoney(amountMinor: bigint, currency: string): string {
  return largeMoneyText(amountMinor, { currency, language: language.value });
}

/** What a plan, or what is had beside it, is called; its id where the catalogue does not have it any more. */
export function planName(catalogue: Catalogue, id: string): string {
  const sold = soldAs(catalogue, id);
  if (sold === undefined) return id;
  const name = sold.name[language.value];
  // What the free plan has in its name is a sentence.
  return !isAddOn(sold) && isFree(sold) ? name.split(/[:：]/, 1)[0]! : name;
}

/** A part of a whole, in per cent with one digit; nothing of nothing. */
export function partText(part: number, whole: number): string {
  if (whole === 0) return "–";
  return (part / whole).toLocaleString(language.value, { style: "percent", maximumFractionDigits: 1 });
}

/** An amount as somebody types it, in the smallest unit; undefined for what is none. */
export function typedMinor(text: string): number | undefined {
  const found = /^\s*(\d{1,7})(?:\.(\d{1,2}))?\s*$/.exec(text);
  if (found === null) return undefined;
  const [, whole = "", part = ""] = found;
  return Number(whole + part.padEnd(2, "0"));
}

/** The same, to be changed. */
export function minorTyped(amountMinor: number): string {
  const text = String(amountMinor).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** A whole number from one to another; undefined for what is none. */
export function typedCount(text: string, least: number, most: number): number | undefined {
  const plain = text.replaceAll(/[\s,，]/g, "");
  if (!/^\d{1,11}$/.test(plain)) return undefined;
  const count = Number(plain);
  return count >= least && count <= most ? count : undefined;
}
