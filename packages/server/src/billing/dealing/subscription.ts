import { addPeriods, dayFrom, dayOf } from "./calendar.ts";
import type { Asked, Deed, Entry } from "./deeds.ts";
import type { Reduced } from "./reduction.ts";
import type { Bought, Paid, Refunded, RenewalBy, Standing } from "./statements.ts";

/** Days that were paid for. */
export interface PaidTerm {
  readonly charge: string;
  readonly bought: Bought;
  readonly fromDay: number;
  readonly untilDay: number;
  /** What was paid, the store's fee included. */
  readonly amountMinor: number;
  readonly storeFeeMinor: number;
  readonly creditMinor: number;
  readonly refundedMinor: number;
  /** What a further term of the same costs, as it was told; 0 where nobody told. */
  readonly renewalMinor: number;
  /** What was taken off its price. */
  readonly reduced?: Reduced;
  readonly isTrial: boolean;
  /** Whether it was taken back: paid back, or by the bank. */
  readonly isRevoked?: boolean;
}

/** All that a subscription's log comes to. */
export interface Subscription {
  /** What it is of: by its last term that was paid, or by what is to be paid first. */
  readonly bought: Bought;
  /** What the next term will be of, where that is something else. */
  readonly next: Bought | undefined;
  /** One after another, without those that were taken back whole. */
  readonly terms: readonly PaidTerm[];
  /** What was paid and has no day left: taken back whole, or replaced before it began. */
  readonly gone: readonly PaidTerm[];
  /** The day from which nothing is paid; 0 where nothing ever was. */
  readonly untilDay: number;
  /** Whether its holder agreed to further terms at the provider: without that none can be charged. */
  readonly isAgreed: boolean;
  /** Whether another term will be charged. */
  readonly renews: boolean;
  /** Whether that was so once. */
  readonly didRenew: boolean;
  readonly isPending: boolean;
  /** A charge failed: everything goes on until then, and it is tried again until then. */
  readonly graceUntilDay: number;
  readonly retriesUntilDay: number;
  /** Stopped since then, until then; without an end it stays so until its holder lets it go on. */
  readonly paused: { readonly sinceDay: number; readonly untilDay?: number } | undefined;
  /** From when on it is over, whatever was paid. */
  readonly endedDay: number | undefined;
  /** The subscription that took its place. */
  readonly replacedBy: string | undefined;
}

/** How the log of a subscription is to be read. */
export interface Reading {
  readonly bought: Bought;
  readonly renewal: RenewalBy;
  /** So long after the paid end a payment still goes on from there. */
  readonly graceDays: number;
}

/**
 * What the entries of a log come to. They may come in any order, and more than once: each counts once, in the order of
 * when it took effect.
 */
export function subscriptionOf(reading: Reading, entries: readonly Entry[]): Subscription {
  const log = inOrder(entries);
  const fold = new Fold(reading, log);
  for (const entry of log) fold.take(entry);
  return fold.result();
}

/** Each of its kind once, by the time at which it took effect: a refund not before what it pays back. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const once = [...new Map(entries.map((entry) => [`${entry.kind} ${entry.id}`, entry])).values()];
  const paidMs = new Map<string, number>();
  for (const entry of once) if (entry.kind === "paid") paidMs.set(entry.charge, entry.atMs);
  const timeOf = (entry: Entry): number =>
    entry.kind === "refunded" ? Math.max(entry.atMs, paidMs.get(entry.charge) ?? 0) : entry.atMs;
  return once.sort(
    (a, b) => timeOf(a) - timeOf(b) || rank(a) - rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** Of two at the very same time: a refund after what it pays back, and what lets less happen after what lets more. */
function rank(entry: Entry): number {
  const isLast =
    entry.kind === "refunded" ||
    entry.kind === "replaced" ||
    entry.kind === "returned" ||
    (entry.kind === "renewal" && !entry.isOn) ||
    (entry.kind === "standing" && !entry.renews);
  return isLast ? 1 : 0;
}

type Term = { -readonly [K in keyof PaidTerm]: PaidTerm[K] };

class Fold {
  readonly #reading: Reading;
  readonly #asked = new Map<string, Asked>();
  #terms: Term[] = [];
  /** The first day of the terms that follow each other without a gap, and how many periods they have. */
  #run = { fromDay: 0, months: 0, moreDays: 0 };
  #standing: Standing | undefined;
  #wants = false;
  #didRenew = false;
  #pausedDay: number | undefined;
  #next: Bought | undefined;
  #replaced: { readonly day: number; readonly by: string } | undefined;

  constructor(reading: Reading, log: readonly Entry[]) {
    this.#reading = reading;
    for (const entry of log) if (entry.kind === "asked") this.#asked.set(entry.charge, entry);
  }

  take(entry: Entry): void {
    const day = dayOf(entry.atMs);
    if (entry.kind === "paid") this.#pay(entry, day);
    else if (entry.kind === "refunded") this.#payBack(entry, day);
    else if (entry.kind === "standing") this.#standing = entry;
    else this.#takeDeed(entry, day);
    this.#didRenew ||= this.#renews();
  }

  #takeDeed(deed: Deed, day: number): void {
    if (deed.kind === "renewal") this.#wants = deed.isOn;
    else if (deed.kind === "paused") this.#pausedDay ??= day;
    else if (deed.kind === "resumed") this.#resume(day);
    else if (deed.kind === "next") this.#next = deed.bought;
    else if (deed.kind === "returned") this.#return(deed);
    else if (deed.kind === "replaced" && this.#replaced === undefined) {
      this.#replaced = { day, by: deed.by };
      for (const { charge } of this.#terms.slice()) this.#cut(charge, day);
    }
  }

  result(): Subscription {
    const { isPending = true, graceUntilMs = 0, retriesUntilMs = 0 } = this.#standing ?? {};
    const hasDays = ({ fromDay, untilDay }: Term): boolean => untilDay > fromDay;
    const terms = this.#terms.filter(hasDays);
    const last = terms.at(-1);
    return {
      bought: this.#terms.at(-1)?.bought ?? this.#reading.bought,
      next: this.#next,
      terms,
      gone: this.#terms.filter((term) => !hasDays(term)),
      untilDay: last?.untilDay ?? 0,
      isAgreed: this.#isAgreed(),
      renews: this.#renews(),
      didRenew: this.#didRenew,
      isPending: isPending && last === undefined,
      graceUntilDay: dayFrom(graceUntilMs),
      retriesUntilDay: dayFrom(retriesUntilMs),
      paused: this.#paused(),
      endedDay: this.#endedDay(),
      replacedBy: this.#replaced?.by,
    };
  }

  #paused(): Subscription["paused"] {
    return this.#pausedDay === undefined ? pauseOf(this.#standing?.paused) : { sinceDay: this.#pausedDay };
  }

  #endedDay(): number | undefined {
    const endedMs = this.#standing?.endedMs;
    const days = [endedMs === undefined ? undefined : dayOf(endedMs), this.#replaced?.day];
    return days.reduce((a, b) => (a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)));
  }

  #isAgreed(): boolean {
    return (
      this.#replaced === undefined && this.#standing?.endedMs === undefined && this.#standing?.renews === true
    );
  }

  #renews(): boolean {
    if (this.#reading.renewal === "theirs") return this.#isAgreed();
    return this.#reading.renewal === "ours" && this.#isAgreed() && this.#wants;
  }

  #pay(paid: Paid & { readonly bought?: Bought }, day: number): void {
    const asked = this.#asked.get(paid.charge);
    const bought = paid.bought ?? asked?.bought ?? this.#reading.bought;
    const { amountMinor, charge, term, isTrial = false } = paid;
    const days =
      term === undefined
        ? this.#nextTerm(bought, day, asked?.extraDays ?? 0)
        : { fromDay: dayOf(term.fromMs), untilDay: dayFrom(term.untilMs) };
    const amounts = { amountMinor, ...askedAmounts(asked), refundedMinor: 0 };
    this.#terms.push({ charge, bought, ...days, ...amounts, isTrial });
    this.#terms.sort((a, b) => a.fromDay - b.fromDay || a.untilDay - b.untilDay);
    if (this.#next !== undefined && isSame(this.#next, bought)) this.#next = undefined;
  }

  /** Where the provider keeps no calendar, a term follows the one before, or begins on the day of the payment. */
  #nextTerm({ period }: Bought, day: number, extraDays: number): { fromDay: number; untilDay: number } {
    const endDay = this.#terms.at(-1)?.untilDay ?? 0;
    const follows = endDay > 0 && day <= endDay + this.#reading.graceDays;
    if (!follows) this.#run = { fromDay: day, months: 0, moreDays: 1 };
    const fromDay = follows ? endDay : day;
    this.#run.months += period === "year" ? 12 : 1;
    this.#run.moreDays += extraDays;
    const { fromDay: first, months, moreDays } = this.#run;
    return { fromDay, untilDay: addPeriods(first, "month", months) + moreDays };
  }

  #payBack({ charge, amountMinor, isRevoked }: Refunded, day: number): void {
    const term = this.#terms.find((each) => each.charge === charge);
    if (term === undefined) return;
    term.refundedMinor += amountMinor;
    if (!isRevoked) return;
    term.isRevoked = true;
    this.#cut(charge, day);
  }

  #return({ charge, amountMinor }: { readonly charge: string; readonly amountMinor: number }): void {
    const term = this.#terms.find((each) => each.charge === charge);
    if (term !== undefined) term.creditMinor = Math.max(0, term.creditMinor - amountMinor);
  }

  /** What is left of a term from a day on is taken out; later ones come so much earlier. */
  #cut(charge: string, day: number): void {
    const at = this.#terms.findIndex((each) => each.charge === charge);
    const term = this.#terms[at]!;
    const days = term.untilDay - Math.max(term.fromDay, Math.min(day, term.untilDay));
    if (days === 0) return;
    term.untilDay -= days;
    for (const later of this.#terms.slice(at + 1)) this.#move(later, -days);
    this.#run.moreDays -= days;
  }

  #resume(day: number): void {
    const since = this.#pausedDay;
    this.#pausedDay = undefined;
    if (since === undefined || day <= since) return;
    const current = this.#terms.find(({ untilDay }) => untilDay > since);
    if (current === undefined) return;
    const days = day - Math.max(since, current.fromDay);
    if (days <= 0) return;
    current.untilDay += days;
    for (const later of this.#terms.slice(this.#terms.indexOf(current) + 1)) this.#move(later, days);
    this.#run.moreDays += days;
  }

  #move(term: Term, days: number): void {
    term.fromDay += days;
    term.untilDay += days;
  }
}

/** What was asked for with a charge; nothing where the provider made it by itself. */
function askedAmounts(
  asked: Asked | undefined,
): Pick<PaidTerm, "storeFeeMinor" | "creditMinor" | "renewalMinor" | "reduced"> {
  if (asked === undefined) return { storeFeeMinor: 0, creditMinor: 0, renewalMinor: 0 };
  const { storeFeeMinor, creditMinor, renewalMinor, reduced } = asked;
  return { storeFeeMinor, creditMinor, renewalMinor, ...(reduced && { reduced }) };
}

function pauseOf(paused: Standing["paused"]): Subscription["paused"] {
  if (paused === undefined) return undefined;
  const { fromMs, untilMs } = paused;
  return { sinceDay: dayOf(fromMs), ...(untilMs === undefined ? {} : { untilDay: dayFrom(untilMs) }) };
}

export function isSame(a: Bought, b: Bought): boolean {
  return a.plan === b.plan && a.period === b.period && a.catalogue === b.catalogue;
}
