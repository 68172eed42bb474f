import { reportedMarket, yearOfMarket } from "@keepsake/core/plans";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { language, say } from "../../state/language.ts";
import { plannerWords } from "../../words/office/planner.ts";
import { countText } from "../../words/values.ts";
import { largeMoney } from "./amounts.ts";
import type { Meant } from "./drafts.ts";
import { Table } from "./table.tsx";

/** What a whole market would come to, by who of it pays. */
export function Market({ meant }: { readonly meant: Meant }): VNode | null {
  const words = say(plannerWords);
  const id = useId();
  const chosen = useSignal("");
  const { catalogue, plans, costs, fullPercent, people } = meant;
  const plan = plans.find((each) => each.id === chosen.value) ?? plans[0];
  if (plan === undefined) return null;
  const { wouldPayPerMille, necessaryPerMille, unnecessaryPerMille } = reportedMarket;
  const groups: readonly (readonly [string, number])[] = [
    [words.groups.own(countText(costs.payersPerMille)), costs.payersPerMille],
    [words.groups.would, wouldPayPerMille],
    [words.groups.necessary, necessaryPerMille],
    [words.groups.notUnnecessary, 1000 - unnecessaryPerMille],
    [words.groups.all, 1000],
  ];
  const shown = (minor: bigint): string => largeMoney(minor, catalogue.currency);
  return (
    <section>
      <h2>{words.market}</h2>
      <p class="hint">{words.marketHint}</p>
      <div class="field grid">
        <span>
          <label for={id}>{words.marketPlan}</label>
          <select
            id={id}
            value={plan.id}
            onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}
          >
            {plans.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name[language.value]}
              </option>
            ))}
          </select>
        </span>
      </div>
      <Table
        title={words.market}
        columns={words.marketColumns}
        marked={new Set([groups.length - 1])}
        rows={groups.map(([name, payersPerMille]) => {
          const year = yearOfMarket({ catalogue, plan, fullPercent, costs }, { people, payersPerMille });
          const { payers, paidMinor, costMinor, leftMinor } = year;
          return [name, countText(payers), shown(paidMinor), shown(costMinor), shown(leftMinor)];
        })}
      />
      <p class="hint">{words.naive}</p>
    </section>
  );
}
