import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { ownWords } from "../../../words/plan/own.ts";
import type { Line, PlanShown } from "../../../worker/plan/plan.ts";
import { goodLines, refresh } from "../shown.ts";
import { lastDayText } from "../days.ts";
import { money } from "../texts.ts";
import { Seats } from "./seats.tsx";
import { TwoSteps } from "./two-steps.tsx";

interface SubscriptionGiven {
  readonly shown: PlanShown;
  readonly line: Line;
}

/** What can be done with a subscription, each by two clicks in the same place. */
export function Subscription({ shown, line }: SubscriptionGiven): VNode {
  const words = say(ownWords);
  const hasSeats = mayGiveSeats(shown, line);
  // What Apple sells only Apple ends and pays back.
  const isTheirs = line.provider === "apple";
  return (
    <>
      <div class="actions">
        {!isTheirs && <Renewal line={line} />}
        {!isTheirs && line.state !== "trial" && <Refund shown={shown} id={line.id} words={words} />}
        {line.mayPause && <Pause line={line} />}
        {line.next !== undefined && <SameAgain line={line} />}
      </div>
      {line.manageUrl !== undefined && (
        <p class="hint">
          {words.atStore}{" "}
          <a href={line.manageUrl} rel="noreferrer">
            {words.atStoreLink}
          </a>
        </p>
      )}
      {hasSeats && <Seats line={line} />}
    </>
  );
}

/** A plan has places of its own, or those that were bought beside it. */
function mayGiveSeats(shown: PlanShown, { plan, isAddOn }: Line): boolean {
  const { plans, addOns } = shown.catalogue;
  const seats = plans.find(({ id }) => id === plan)?.seats ?? 1;
  const isMore = (each: Line): boolean =>
    addOns.some(({ id, gives }) => id === each.plan && gives.what === "seats");
  return !isAddOn && (seats > 1 || goodLines(shown).some(isMore));
}

interface LineGiven {
  readonly line: Line;
}

function Renewal({ line: { id, renews, mayRenew, untilDay } }: LineGiven): VNode {
  const words = say(ownWords);
  const day = lastDayText(untilDay);
  const set = async (isOn: boolean): Promise<string> => {
    await desk.plan.setRenewal(id, isOn);
    await refresh();
    return isOn ? words.onDone : words.offDone(day);
  };
  return (
    <TwoSteps
      label={renews ? words.off : words.on}
      sure={renews ? words.offSure : words.onSure}
      isOffered={renews || mayRenew}
      onSure={() => set(!renews)}
    >
      <p>{renews ? words.offWhy(day) : words.onWhy}</p>
    </TwoSteps>
  );
}

function Pause({ line: { id, state } }: LineGiven): VNode {
  const words = say(ownWords);
  const isPaused = state === "paused";
  const set = async (): Promise<string> => {
    await desk.plan.setPaused(id, !isPaused);
    await refresh();
    return isPaused ? words.resumeDone : words.pauseDone;
  };
  return (
    <TwoSteps
      label={isPaused ? words.resume : words.pause}
      sure={isPaused ? words.resumeSure : words.pauseSure}
      onSure={set}
    >
      <p>{isPaused ? words.resumeWhy : words.pauseWhy}</p>
    </TwoSteps>
  );
}

function SameAgain({ line: { id } }: LineGiven): VNode {
  const words = say(ownWords);
  const set = async (): Promise<string> => {
    await desk.plan.setNext(id, undefined);
    await refresh();
    return words.sameDone;
  };
  return (
    <TwoSteps label={words.sameAgain} sure={words.sameAgain} onSure={set}>
      <p>{words.sameDone}</p>
    </TwoSteps>
  );
}

interface RefundGiven {
  readonly shown: PlanShown;
  readonly id: string;
  readonly words: Readonly<Record<"refund" | "refundAsk" | "refundNone", string>> &
    Readonly<Record<"refundWhy" | "refundSure" | "refundDone", (amount: string) => string>>;
}

/** The amount is told first. */
export function Refund({ shown, id, words }: RefundGiven): VNode {
  const due = useSignal<number | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const ask = (): void => {
    [due.value, error.value] = [undefined, undefined];
    desk.plan.refundMinor(id).then(
      (minor) => (due.value = minor),
      (problem: unknown) => (error.value = problem),
    );
  };
  const amount = money(due.value ?? 0, shown.catalogue.currency);
  const payBack = async (): Promise<string> => {
    await desk.plan.payBack(id);
    // It goes from the list: what was done is told first.
    setTimeout(() => void refresh(), TOLD_MS);
    return words.refundDone(amount);
  };
  return (
    <TwoSteps
      label={words.refund}
      sure={words.refundSure(amount)}
      isSure={(due.value ?? 0) > 0}
      onOpen={ask}
      onSure={payBack}
    >
      <p role="status">
        {due.value === undefined
          ? error.value === undefined && words.refundAsk
          : due.value === 0
            ? words.refundNone
            : words.refundWhy(amount)}
      </p>
      <Problem error={error.value} />
    </TwoSteps>
  );
}

const TOLD_MS = 6_000;
