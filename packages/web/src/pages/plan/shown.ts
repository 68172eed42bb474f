import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { desk } from "../../state/desk.ts";
import type { Line, PlanShown } from "../../worker/plan/plan.ts";

const known: Signal<PlanShown | undefined> = signal(undefined);
const failed: Signal<unknown> = signal(undefined);

/** What the server says of plans; it stays while it is asked again. */
export const shown: ReadonlySignal<PlanShown | undefined> = known;

/** Why it could not be asked. */
export const failure: ReadonlySignal<unknown> = failed;

/** How a payment came to its end: the room that there is now, as soon as it is known, or that it was for a gift. */
export const paid: Signal<{ readonly levelBytes: number | undefined; readonly isGift: boolean } | undefined> =
  signal(undefined);

/** Asks the server again. */
export async function refresh(): Promise<void> {
  try {
    [known.value, failed.value] = [await desk.plan.shown(), undefined];
  } catch (error) {
    failed.value = error;
  }
}

const good: readonly Line["state"][] = ["trial", "active", "canceled", "grace", "past-due", "paused"];

/** The subscriptions that count, the newest first. */
export function goodLines({ account }: PlanShown): readonly Line[] {
  return account?.subscriptions.filter(({ state }) => good.includes(state)) ?? [];
}

/** Those of plans; the others are had beside one. */
export function planLines(given: PlanShown): readonly Line[] {
  return goodLines(given).filter((line) => !line.isAddOn);
}

/** The plan whose place another one takes: nobody pays for the same days twice. */
export function currentLine(given: PlanShown): Line | undefined {
  return planLines(given).find(({ state }) => state !== "past-due");
}

/** Whether there is a plan that is paid: what is had beside one comes on top of it. */
export function hasPaidPlan(given: PlanShown): boolean {
  return planLines(given).some(({ state }) => ["active", "canceled", "grace"].includes(state));
}

/** Whether no money moves. */
export function isTest({ ways, account }: PlanShown): boolean {
  const bought = [...(account?.subscriptions ?? []), ...(account?.gifts ?? [])];
  return ways.some((way) => way.isTest) || bought.some((each) => each.isTest);
}
