import { beside, moneyText, type Catalogue, type Channel, type Fit, type Need } from "@keepsake/core/plans";
import type { Context } from "../../context.ts";
import type { Output } from "../../ui/output.ts";
import * as words from "../../ui/messages/plans/estimate.ts";
import { countText, sizeText } from "../../ui/values.ts";

const [YEAR_DAYS, MONTH_DAYS] = [365, 30];
/** From so many years on, nobody plans. */
const FAR_YEARS = 20;

interface Plans {
  readonly catalogue: Catalogue;
  readonly fits: readonly Fit[];
  readonly best: Fit | undefined;
  readonly channel: Channel;
  readonly need: Need;
}

/** Every plan with its price, whether it has room, and when it will be full; then the one that fits. */
export function printPlans({ output }: Context, { catalogue, fits, best, channel, need }: Plans): void {
  const { language } = output;
  const money = moneyOf(output, catalogue.currency);
  output.say(words.plans, { growth: sizeText(need.aYear.filesBytes + need.aYear.textBytes) });
  const rows = fits.map((fit) => {
    const { plan, offer, yearlyMinor, isEnough, fullInDays } = fit;
    const feeMinor =
      offer === undefined ? 0 : offer.prices[channel].storeFeeMinor * (12 / monthsOf(offer.period));
    output.event("plan", { plan: plan.id, yearlyMinor, feeMinor, isEnough, fullInDays });
    const full = isEnough ? fullText(output, fullInDays) : "—";
    return [plan.name[language], money(yearlyMinor), money(feeMinor), suitText(output, fit), full];
  });
  const { plan, price, fee, suits, full } = words.planColumns;
  const title = (each: typeof plan): string => output.text(each);
  output.table(
    [
      { title: title(plan) },
      { title: title(price), align: "right" },
      { title: title(fee), align: "right" },
      { title: title(suits) },
      { title: title(full) },
    ],
    rows,
  );
  if (best === undefined) return output.say(words.fitsNone);
  const values = { plan: best.plan.name[language], price: money(best.yearlyMinor) };
  output.say(best.offer === undefined ? words.fitsFree : words.fits, values);
}

function monthsOf(period: "month" | "year"): number {
  return period === "year" ? 12 : 1;
}

function suitText(output: Output, { plan, isEnough }: Fit): string {
  if (isEnough) return output.text(words.enough);
  return output.text(plan.room.window === "all" ? words.tooSmall : words.notAll);
}

function fullText(output: Output, days: number | undefined): string {
  if (days === undefined || days >= FAR_YEARS * YEAR_DAYS) return output.text(words.notSoon);
  if (days >= 2 * YEAR_DAYS) return output.text(words.inYears, { count: Math.floor(days / YEAR_DAYS) });
  return output.text(words.inMonths, { count: Math.floor(days / MONTH_DAYS) });
}

/** What else there is, and what that costs. */
export function printBeside({ output }: Context, { filesBytes, textBytes }: Need): void {
  const money = moneyOf(output, beside.currency);
  const { disks, phoneCloud, roaming, reported } = beside;
  output.say(words.besides);
  output.say(words.disks, { size: sizeText(disks.bytes), price: money(disks.onceMinor) });
  const cloud = phoneCloud.find(({ bytes }) => bytes >= filesBytes + textBytes) ?? phoneCloud.at(-1)!;
  output.say(words.phoneCloud, { size: sizeText(cloud.bytes), price: money(cloud.yearlyMinor) });
  const longest = roaming.at(-1)!;
  output.say(words.roaming, { days: countText(longest.days), price: money(longest.yearlyMinor) });
  const [iphone, android] = [money(reported.iphoneMinor), money(reported.androidMinor)];
  output.say(words.reported, { iphone, android });
  output.say(words.listPrices);
}

function moneyOf({ language }: Output, currency: string): (amountMinor: number) => string {
  return (amountMinor) => moneyText(amountMinor, { currency, language });
}
