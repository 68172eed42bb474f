import type { AddOn } from "@keepsake/core/plans";
import type { VNode } from "preact";
import { language, say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { addOnWords } from "../../words/plan/add-ons.ts";
import { chooseWords } from "../../words/plan/choose.ts";
import { sizeText } from "../../words/values.ts";
import type { PlanShown } from "../../worker/plan/plan.ts";
import { hasPaidPlan } from "./shown.ts";
import { money } from "./texts.ts";

interface AddOnsGiven {
  readonly shown: PlanShown;
  readonly mayBuy: boolean;
}

/** What can be had beside the plan that one has. */
export function AddOns({ shown, mayBuy }: AddOnsGiven): VNode | null {
  const words = say(addOnWords);
  const addOns = shown.catalogue.addOns.filter(({ offers }) => offers.length > 0);
  if (addOns.length === 0) return null;
  const isOffered = mayBuy && hasPaidPlan(shown);
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <p class="hint">{isOffered ? words.lead : words.needsPlan}</p>
      <ul class="add-ons">
        {addOns.map((addOn) => (
          <li key={addOn.id}>
            <h3>{addOn.name[language.value]}</h3>
            <p>{addOnText(addOn)}</p>
            <Offers addOn={addOn} shown={shown} isOffered={isOffered} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Offers({
  addOn,
  shown,
  isOffered,
}: {
  readonly addOn: AddOn;
  readonly shown: PlanShown;
  readonly isOffered: boolean;
}): VNode {
  const [words, ways] = [say(addOnWords), say(chooseWords)];
  const name = addOn.name[language.value];
  return (
    <>
      <p>
        {addOn.offers.map(({ period, prices }) => (
          <span key={period} class="line-of">
            {words.price[period](
              money(prices.web.priceMinor + prices.web.storeFeeMinor, shown.catalogue.currency),
            )}
          </span>
        ))}
      </p>
      {isOffered && (
        <div class="actions">
          {addOn.offers.map(({ period }) => (
            <a
              key={period}
              class="button"
              href={to("plan", ["buy", addOn.id, period])}
              aria-label={ways.buyName(name, ways.buy[period])}
            >
              {ways.buy[period]}
            </a>
          ))}
        </div>
      )}
    </>
  );
}

/** What something beside a plan gives. */
export function addOnText({ gives }: AddOn): string {
  const words = say(addOnWords);
  if (gives.what === "room") return words.room(sizeText(gives.filesBytes));
  return gives.what === "seats" ? words.seats(gives.seats) : words.evidence;
}
