import type { Query } from "../../../db/index.ts";
import { dayOf } from "../../dealing/calendar.ts";
import { renewalStep, type Delivered, type Step } from "../../dealing/renewal.ts";
import type { ProviderName } from "../../dealing/statements.ts";
import type { Agreements } from "../../providers/provider.ts";
import type { Books } from "../books.ts";
import type { Kept } from "../log/log.ts";
import type { ChargeTable } from "../tables.ts";
import { deliveredOf } from "./notices.ts";
import type { NextCharge } from "./tell-charges.ts";
import { chargesOf, nextTermOf, type NextTerm } from "./upcoming.ts";

/** A charge that is to be announced to its provider, or to be made. */
export interface DueCharge {
  readonly kept: Kept;
  readonly charge: ChargeTable;
  readonly term: NextTerm;
  readonly agreements: Agreements;
}

/** What is due about many subscriptions. */
export interface Due {
  /** Done for many at once: most of a day's round is this. */
  readonly tell: readonly NextCharge[];
  readonly announce: readonly DueCharge[];
  readonly charge: readonly DueCharge[];
  /** All others are looked at one by one. */
  readonly left: readonly Kept[];
}

/** Looks through subscriptions for what can be done for many at once. */
export async function dueOf(books: Books, all: readonly Kept[]): Promise<Due> {
  const due = {
    tell: [] as NextCharge[],
    announce: [] as DueCharge[],
    charge: [] as DueCharge[],
    left: [] as Kept[],
  };
  const charges = await openCharges(
    books.db.query,
    all.map(({ row }) => row.id),
  );
  for (const kept of all) {
    const open = charges(kept.row.id);
    const next = await plainStep(books, kept, open);
    if (next?.step.do === "tell") due.tell.push({ kept, term: next.term, chargeDay: next.step.chargeDay });
    else if (next?.step.do === "announce" || next?.step.do === "charge")
      due[next.step.do].push({ kept, charge: open.open!, term: next.term, agreements: next.agreements });
    else due.left.push(kept);
  }
  return due;
}

/** The step of one that we charge for, and about which its provider need not be asked first. */
async function plainStep(
  books: Books,
  kept: Kept,
  open: OpenCharge,
): Promise<(NextStep & { readonly agreements: Agreements }) | undefined> {
  const agreements = books.providers.get(kept.row.provider as ProviderName)?.agreements;
  const { terms, renews } = kept.subscription;
  if (agreements === undefined || terms.length === 0 || !renews || open.open?.state === "trying")
    return undefined;
  const next = await nextStep(books, { kept, ...open, agreements });
  return next && { ...next, agreements };
}

/** The charge of a subscription that is told of and open, and which of its notices were delivered. */
export interface OpenCharge {
  readonly open: ChargeTable | undefined;
  readonly delivered: readonly Delivered[];
}

export async function openCharges(
  query: Query,
  subscriptions: readonly string[],
): Promise<(subscription: string) => OpenCharge> {
  const charges = await chargesOf(query, subscriptions);
  const delivered = await deliveredOf(
    query,
    subscriptions.flatMap((id) => charges(id).open ?? []),
  );
  return (subscription) => {
    const { open } = charges(subscription);
    return { open, delivered: open === undefined ? [] : delivered(open) };
  };
}

/** What is to be done about the next term. Only of a charge that is told of it is to announce or to make it. */
interface NextStep {
  readonly step: Step;
  readonly term: NextTerm;
}

/** What is to be done about the next term of one that we charge for; undefined where it is offered no more. */
export async function nextStep(
  books: Books,
  {
    kept,
    open,
    delivered,
    agreements: { announceDays },
  }: OpenCharge & { readonly kept: Kept; readonly agreements: Agreements },
): Promise<NextStep | undefined> {
  const term = await nextTermOf(books, books.db.query, kept);
  if (term === undefined) return undefined;
  const { graceDays } = (await books.catalogues.current()).lapse;
  const step = renewalStep(kept.subscription, dayOf(books.clock.now()), {
    delivered,
    isTold: open !== undefined,
    triedDays: open === undefined ? [] : (JSON.parse(open.tried) as number[]),
    announceDays,
    announcedDay: open === undefined || open.announcedDay === 0 ? undefined : open.announcedDay,
    graceDays,
  });
  return { step, term };
}
