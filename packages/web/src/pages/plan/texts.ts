import { moneyText, soldAs, type Catalogue } from "@keepsake/core/plans";
import { language, say } from "../../state/language.ts";
import { planWords } from "../../words/plan/have.ts";

const [YEAR_DAYS, MONTH_DAYS] = [365, 30];
/** From so many years on, nobody plans. */
const FAR_YEARS = 20;

export function money(amountMinor: number, currency: string): string {
  return moneyText(amountMinor, { currency, language: language.value });
}

/** What a plan, or what is had beside it, is called; its own name for one that is not in the catalogue any more. */
export function planName(catalogue: Catalogue, id: string): string {
  return soldAs(catalogue, id)?.name[language.value] ?? id;
}

/** When something is full, in so many days; undefined where that is far away. */
export function whenText(days: number | undefined): string | undefined {
  const words = say(planWords);
  if (days === undefined || days >= FAR_YEARS * YEAR_DAYS) return undefined;
  if (days < MONTH_DAYS) return words.soon;
  return days >= 2 * YEAR_DAYS
    ? words.inYears(Math.floor(days / YEAR_DAYS))
    : words.inMonths(Math.floor(days / MONTH_DAYS));
}

/** In how many days so much room is full; undefined where nothing is added. */
export function fullInDays(leftBytes: number, aYearBytes: number): number | undefined {
  return aYearBytes <= 0 ? undefined : Math.floor((leftBytes / aYearBytes) * YEAR_DAYS);
}

export function providerName(provider: string): string {
  return say(planWords).providers[provider] ?? provider;
}
