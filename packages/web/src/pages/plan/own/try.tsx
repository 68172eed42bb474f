import type { Plan } from "@keepsake/core/plans";
import { dayOf } from "@keepsake/core/protocol";
import type { VNode } from "preact";
import { desk } from "../../../state/desk.ts";
import { language, say } from "../../../state/language.ts";
import { chooseWords } from "../../../words/plan/choose.ts";
import type { PlanShown } from "../../../worker/plan/plan.ts";
import { currentLine, refresh } from "../shown.ts";
import { dayText, lastDayText } from "../days.ts";
import { TwoSteps } from "./two-steps.tsx";

interface TryGiven {
  readonly plan: Plan;
  readonly shown: PlanShown;
}

/** Days of a plan for nothing, for who has nothing and has not had them: what becomes of it is told first. */
export function Try({ plan, shown }: TryGiven): VNode | null {
  const words = say(chooseWords);
  const { trialDays } = plan;
  const wasHad = shown.account?.subscriptions.some(({ hadTrial }) => hadTrial) === true;
  if (trialDays === 0 || wasHad || currentLine(shown) !== undefined) return null;
  const begin = async (): Promise<string> => {
    const { untilDay } = await desk.plan.try(plan.id);
    // The button goes with it: what was done is told first.
    setTimeout(() => void refresh(), TOLD_MS);
    return words.tryDone(lastDayText(untilDay));
  };
  const day = dayText(dayOf(Date.now()) + trialDays);
  return (
    <TwoSteps
      label={words.try(trialDays)}
      name={words.tryName(plan.name[language.value], trialDays)}
      sure={words.trySure}
      onSure={begin}
    >
      <p>{words.tryWhy(day)}</p>
    </TwoSteps>
  );
}

const TOLD_MS = 6_000;
