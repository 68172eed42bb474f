import type { Statement } from "../../src/billing/dealing/statements.ts";
import { newSubscription } from "../../src/billing/providers/names.ts";
import { openProviders } from "../../src/billing/providers/open.ts";
import type { Charge, Known, Provider, Purchase } from "../../src/billing/providers/provider.ts";
import type { PaymentSettings } from "../../src/billing/providers/schema.ts";
import type { Deed, Simulator, SimulatorParts } from "../../src/billing/simulators/simulator.ts";
import type { Seen } from "../../src/billing/providers/manual/provider.ts";
import { startEar, type Ear } from "./ear.ts";
import { person } from "./person.ts";

export const DAY_MS = 24 * 60 * 60_000;

/** A clock that a test sets. */
export interface SetClock {
  now(): number;
  nowMs: number;
}

/** Ten in the morning in Beijing: no provider sleeps. */
export function setClock(nowMs = Date.parse("2027-03-01T02:00:00Z")): SetClock {
  return {
    nowMs,
    now() {
      return this.nowMs;
    },
  };
}

/** A provider, its simulator, and where it calls. */
export interface Bench<S extends Simulator> extends AsyncDisposable {
  readonly clock: SetClock;
  readonly simulator: S;
  readonly provider: Provider;
  readonly ear: Ear;
}

export async function startBench<S extends Simulator>(
  start: (parts: SimulatorParts) => Promise<S>,
  clock = setClock(),
): Promise<Bench<S>> {
  const ear = await startEar();
  const simulator = await start({ clock, hears: ear.url });
  const settings = { mode: "test", ...simulator.settings } satisfies PaymentSettings;
  const provider = openProviders(settings, { clock, hearsAt: ear.url, seen: seenBook([]) }).get(
    simulator.name,
  )!;
  ear.provider = provider;
  return {
    clock,
    simulator,
    provider,
    ear,
    [Symbol.asyncDispose]: async () => {
      await simulator[Symbol.asyncDispose]();
      await ear[Symbol.asyncDispose]();
    },
  };
}

export function purchaseOf(provider: Provider, wanted: Partial<Purchase> = {}): Purchase {
  const subscription = newSubscription();
  return {
    subscription,
    charge: `${subscription}-1`,
    channel: provider.channels[0]!,
    plan: "photos-50",
    period: "month",
    amountMinor: 1234,
    renewalMinor: 1234,
    currency: "CNY",
    renews: false,
    title: "50 GB",
    language: "en",
    returnUrl: "https://keepsake.example/#/plan",
    screen: "page",
    ...wanted,
  };
}

/** What is known of a subscription that somebody bought, or did not. */
export async function bought(
  { simulator, provider, ear }: Bench<Simulator>,
  wanted: Partial<Purchase> = {},
  deed: Deed = "pay",
): Promise<Known> {
  const purchase = purchaseOf(provider, wanted);
  const { reference, next } = await provider.begin(purchase);
  const { receipt } = await person(simulator, next, deed);
  await simulator.post.turn();
  const claimed = receipt === undefined ? undefined : await provider.claim?.(receipt);
  const told = [...ear.about(purchase.subscription), ...(claimed === undefined ? [] : [claimed])];
  const known: Known = {
    subscription: purchase.subscription,
    reference: told.findLast((each) => each.reference !== undefined)?.reference ?? reference,
    sinceMs: simulator.now(),
    charges: [purchase.charge],
    refunds: [],
  };
  if (provider.agreements !== undefined && purchase.renews && deed === "pay")
    await firstCharge(provider, known, purchase);
  return known;
}

/** Where signing alone was done: we ask for the first charge. */
async function firstCharge(provider: Provider, known: Known, purchase: Purchase): Promise<void> {
  const state = (await provider.look(known)).find(({ kind }) => kind === "standing");
  if (state?.kind !== "standing" || !state.isPending || !state.renews) return;
  await provider.agreements!.charge(chargeOf(known, purchase.charge, purchase));
}

export function chargeOf(
  known: Known,
  charge: string,
  { amountMinor, currency, dueMs = 0 }: { amountMinor: number; currency: string; dueMs?: number },
): Charge {
  return { ...known, charge, amountMinor, currency, title: "50 GB", dueMs };
}

/** What moved, without how it stands. */
export function moved(statements: readonly Statement[]): readonly Exclude<Statement, { kind: "standing" }>[] {
  return statements.filter((each) => each.kind !== "standing").toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** How it stands, without when that was read. */
export function stands(statements: readonly Statement[]): object {
  const [state] = statements.filter((each) => each.kind === "standing");
  const { id: _, atMs: __, ...rest } = state!;
  return rest;
}

export function seenBook(seen: readonly Seen[]): {
  of(subscription: string): Promise<readonly Seen[]>;
  within(fromMs: number, untilMs: number): Promise<readonly Seen[]>;
} {
  return {
    of: (subscription) => Promise.resolve(seen.filter((each) => each.subscription === subscription)),
    within: (fromMs, untilMs) => Promise.resolve(seen.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)),
  };
}
