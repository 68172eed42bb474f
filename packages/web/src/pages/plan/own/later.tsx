import type { Plan } from "@keepsake/core/plans";
import { yearlyMinor } from "@keepsake/core/plans";
import type { VNode } from "preact";
import { desk } from "../../../state/desk.ts";
import { language, say } from "../../../state/language.ts";
import { chooseWords } from "../../../words/plan/choose.ts";
import { planWords } from "../../../words/plan/have.ts";
import type { Line, PlanShown } from "../../../worker/plan/plan.ts";
import { refresh } from "../shown.ts";
import { lastDayText } from "../days.ts";
import { money, planName } from "../texts.ts";
import { TwoSteps } from "./two-steps.tsx";

interface LaterGiven {
  readonly line: Line;
  readonly plan: Plan;
  readonly shown: PlanShown;
}

/** Another plan for the next term: nothing is charged now, and nothing that is stored goes. */
export function Later({ line, plan, shown }: LaterGiven): VNode | null {
  const words = say(chooseWords);
  const offer = plan.offers.find(({ period }) => period === line.period) ?? plan.offers[0];
  if (offer === undefined) return null;
  const name = plan.name[language.value];
  const day = lastDayText(line.untilDay + 1);
  const amount = offer.period === "year" ? yearlyMinor(offer, "web") : offer.prices.web.priceMinor;
  const set = async (): Promise<string> => {
    await desk.plan.setNext(line.id, { plan: plan.id, period: offer.period });
    await refresh();
    return say(planWords).nextPlan(planName(shown.catalogue, plan.id));
  };
  return (
    <TwoSteps label={words.later(day)} name={words.laterName(name, day)} sure={words.laterSure} onSure={set}>
      <p>{words.laterWhy(name, money(amount, shown.catalogue.currency))}</p>
    </TwoSteps>
  );
}
