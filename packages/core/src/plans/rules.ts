import { channels, type Catalogue, type Lapse, type Named, type Offer, type Plan } from "./catalogue.ts";

/** Where a catalogue breaks a rule, as a path into it, and which rule. */
export interface CatalogueProblem {
  readonly where: string;
  readonly rule:
    | "amount"
    | "capacity-in-name"
    | "currency"
    | "free-plan"
    | "id-twice"
    | "lapse-notices"
    | "lapse-too-short"
    | "name"
    | "offer-twice"
    | "percent"
    | "room"
    | "seats"
    | "version";
}

/** Terms that no operator may go below: docs/pricing.md says why. */
const least: Readonly<Record<"exportDays" | "quarantineDays" | "refundDays", number>> = {
  exportDays: 180,
  quarantineDays: 30,
  refundDays: 7,
};
/** Before something is deleted, so many notices went out after the paid end. */
const NOTICES_AFTER = 3;

/** What is wrong with a catalogue; nothing for a good one. Its shape is that of the type already. */
export function catalogueProblems(catalogue: Catalogue): readonly CatalogueProblem[] {
  const { plans, addOns, reductions, lapse, currency, version, refundDays } = catalogue;
  return [
    ...unless(isWhole(version, 1), "version", "version"),
    ...unless(/^[A-Z]{3}$/.test(currency), "currency", "currency"),
    ...unless(plans.filter(isFree).length === 1, "plans", "free-plan"),
    ...twice("plans", plans),
    // Subscriptions and the ledger know what was sold by its id alone.
    ...twice("addOns", [...addOns, ...plans.filter(({ id }) => addOns.some((addOn) => addOn.id === id))]),
    ...twice("reductions", reductions),
    ...plans.flatMap((plan, i) => planProblems(plan, `plans/${i}`)),
    ...addOns.flatMap(({ name, offers, gives }, i) => [
      ...nameProblems(name, `addOns/${i}`),
      ...offersProblems(offers, `addOns/${i}`),
      ...unless(gives.what !== "room" || isWhole(gives.filesBytes, 1), `addOns/${i}/gives`, "room"),
      ...unless(gives.what !== "seats" || isWhole(gives.seats, 1), `addOns/${i}/gives`, "seats"),
    ]),
    ...reductions.flatMap(({ name, percentOff, periods }, i) => [
      ...nameProblems(name, `reductions/${i}`),
      ...unless(isWhole(percentOff, 1) && percentOff <= 100, `reductions/${i}/percentOff`, "percent"),
      ...unless(periods === undefined || isWhole(periods, 1), `reductions/${i}/periods`, "amount"),
    ]),
    ...lapseProblems(lapse),
    ...unless(isWhole(refundDays, least.refundDays), "refundDays", "lapse-too-short"),
  ];
}

export function isFree({ offers }: Plan): boolean {
  return offers.length === 0;
}

function planProblems({ name, room, seats, trialDays, offers }: Plan, where: string): CatalogueProblem[] {
  const { filesBytes, textBytes, window } = room;
  const isRoom =
    isWhole(filesBytes, 1) &&
    isWhole(textBytes, 1) &&
    (window === "all" || (isWhole(window.days, 1) && isWhole(window.chatsForEver, 0)));
  const told = window === "all" ? capacityTexts(filesBytes) : [`${window.days} `, `${window.days / 365} `];
  const tells = (text: string): boolean => told.some((each) => `${text} `.includes(each));
  return [
    ...nameProblems(name, where),
    ...unless(tells(name.zh) && tells(name.en), `${where}/name`, "capacity-in-name"),
    ...unless(isRoom, `${where}/room`, "room"),
    ...unless(isWhole(seats, 1), `${where}/seats`, "seats"),
    ...unless(isWhole(trialDays, 0), `${where}/trialDays`, "amount"),
    ...offersProblems(offers, where),
  ];
}

/** A size as a name may tell it. */
function capacityTexts(bytes: number): string[] {
  const units: readonly (readonly [string, number])[] = [
    ["MB", 1e6],
    ["GB", 1e9],
    ["TB", 1e12],
  ];
  return units.map(([unit, size]) => `${bytes / size} ${unit}`);
}

function offersProblems(offers: readonly Offer[], where: string): CatalogueProblem[] {
  const periods = new Set(offers.map(({ period }) => period));
  return [
    ...unless(periods.size === offers.length, `${where}/offers`, "offer-twice"),
    ...offers.flatMap(({ prices }, i) =>
      channels.flatMap((channel) => {
        const { priceMinor, storeFeeMinor } = prices[channel];
        const isPrice = isWhole(priceMinor, 1) && isWhole(storeFeeMinor, 0);
        return unless(isPrice, `${where}/offers/${i}/prices/${channel}`, "amount");
      }),
    ),
  ];
}

function lapseProblems({ graceDays, exportDays, noticeDays, quarantineDays }: Lapse): CatalogueProblem[] {
  const isLong = exportDays >= least.exportDays && quarantineDays >= least.quarantineDays;
  const isInOrder = noticeDays.every((day, i) => i === 0 || day > noticeDays[i - 1]!);
  const isTold =
    noticeDays.some((day) => day <= -5) &&
    noticeDays.filter((day) => day > 0 && day < exportDays).length >= NOTICES_AFTER;
  const areWhole = [graceDays, exportDays, quarantineDays].every((days) => isWhole(days, 0));
  return [
    ...unless(areWhole && isLong, "lapse", "lapse-too-short"),
    ...unless(
      isInOrder && isTold && noticeDays.every(Number.isSafeInteger),
      "lapse/noticeDays",
      "lapse-notices",
    ),
  ];
}

function nameProblems({ zh, en }: Named, where: string): CatalogueProblem[] {
  return unless(zh.trim() !== "" && en.trim() !== "", `${where}/name`, "name");
}

function twice(where: string, list: readonly { readonly id: string }[]): CatalogueProblem[] {
  const ids = list.map(({ id }) => id);
  const isGood = new Set(ids).size === ids.length && ids.every((id) => /^[a-z][a-z0-9-]{0,39}$/.test(id));
  return unless(isGood, where, "id-twice");
}

function isWhole(value: number, from: number): boolean {
  return Number.isSafeInteger(value) && value >= from;
}

function unless(isRight: boolean, where: string, rule: CatalogueProblem["rule"]): CatalogueProblem[] {
  return isRight ? [] : [{ where, rule }];
}
