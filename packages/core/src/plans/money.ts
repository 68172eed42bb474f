/*
 * Money is counted in the smallest unit of its currency, such as fen or cents, and always in whole numbers: fields that
 * hold it end in `Minor`.
 */

/** A whole part of an amount, such as 12 of 365 days of it. Nothing is lost on the way; what is left over goes as told. */
export function portion(
  amountMinor: number,
  {
    part,
    whole,
    rounded,
  }: { readonly part: number; readonly whole: number; readonly rounded: "down" | "up" },
): number {
  const product = BigInt(amountMinor) * BigInt(part);
  const divisor = BigInt(whole);
  const quotient = product / divisor;
  const isBetween = quotient * divisor !== product;
  const isPositive = product > 0n === divisor > 0n;
  if (!isBetween) return Number(quotient);
  if (rounded === "up") return Number(isPositive ? quotient + 1n : quotient);
  return Number(isPositive ? quotient : quotient - 1n);
}

/** An amount as people write it in their language. */
export function moneyText(amountMinor: number, { currency, language }: MoneyShown): string {
  const format = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}

export interface MoneyShown {
  /** Three letters of ISO 4217. */
  readonly currency: string;
  readonly language: "zh" | "en";
}

/** An amount of many millions, as people say it: in short, and not to the last cent. */
export function largeMoneyText(amountMinor: bigint, { currency, language }: MoneyShown): string {
  const format = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    notation: "compact",
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  });
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return format.format(amountMinor / 10n ** BigInt(digits));
}
