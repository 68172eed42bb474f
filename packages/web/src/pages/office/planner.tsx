import { catalogueProblems, leastPayersPerMille, yearOf, type Catalogue } from "@keepsake/core/plans";
import { useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { download } from "../../parts/download.ts";
import { language, say } from "../../state/language.ts";
import { plannerWords } from "../../words/office/planner.ts";
import { countText } from "../../words/values.ts";
import { money, planName } from "./amounts.ts";
import {
  bases,
  catalogueOf,
  draftOf,
  isPrice,
  isReadable,
  meantBy,
  priceKey,
  type Base,
  type Draft,
  type DraftField,
  type Meant,
} from "./drafts.ts";
import { Market } from "./market.tsx";
import { Table } from "./table.tsx";

interface Given {
  readonly draft: Signal<Draft>;
}

/** What other prices would come to, on a copy of the catalogue. Nothing of it reaches the server. */
export function Planner({ own }: { readonly own: Catalogue }): VNode {
  const words = say(plannerWords);
  const base = useSignal<Base>("own");
  const draft = useSignal(draftOf(own));
  const catalogue = catalogueOf(base.value, own);
  const meant = meantBy(draft.value, catalogue);
  const begin = (chosen: Base): void => {
    [base.value, draft.value] = [chosen, draftOf(catalogueOf(chosen, own))];
  };
  return (
    <>
      <p class="lead">{words.copy}</p>
      <fieldset class="choice">
        <legend>{words.from}</legend>
        {bases.map((each) => (
          <label key={each}>
            <input type="radio" name="base" checked={base.value === each} onChange={() => begin(each)} />
            {words.bases[each]}
          </label>
        ))}
      </fieldset>
      <Prices catalogue={catalogue} draft={draft} />
      <Numbers title={words.costs} fields={["store", "secondCopy", "restore"]} draft={draft} />
      <Numbers
        title={words.shares}
        fields={["storePercent", "payment", "payers", "freePercent", "fullPercent", "people"]}
        draft={draft}
      />
      {meant === undefined ? (
        <p class="problem" role="status">
          {words.wrong}
        </p>
      ) : (
        <>
          <Years meant={meant} />
          <Save catalogue={meant.catalogue} />
          <Market meant={meant} />
        </>
      )}
    </>
  );
}

interface NumberGiven {
  readonly label: string;
  readonly value: string;
  readonly isRight: boolean;
  readonly onType: (text: string) => void;
}

function NumberField({ label, value, isRight, onType }: NumberGiven): VNode {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        value={value}
        aria-invalid={!isRight}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
    </div>
  );
}

function Prices({ catalogue, draft }: Given & { readonly catalogue: Catalogue }): VNode {
  const words = say(plannerWords);
  return (
    <section>
      <h2>{words.prices}</h2>
      <div class="grid">
        {catalogue.plans.flatMap(({ id, offers }) =>
          offers.map((offer) => {
            const key = priceKey(id, offer);
            const value = draft.value.prices[key] ?? "";
            return (
              <NumberField
                key={key}
                label={`${planName(catalogue, id)}, ${words[offer.period]}`}
                value={value}
                isRight={isPrice(value)}
                onType={(text) => {
                  draft.value = { ...draft.value, prices: { ...draft.value.prices, [key]: text } };
                }}
              />
            );
          }),
        )}
      </div>
    </section>
  );
}

interface NumbersGiven extends Given {
  readonly title: string;
  readonly fields: readonly DraftField[];
}

function Numbers({ title, fields, draft }: NumbersGiven): VNode {
  const words = say(plannerWords);
  return (
    <section>
      <h2>{title}</h2>
      <div class="grid">
        {fields.map((field) => (
          <NumberField
            key={field}
            label={words[field]}
            value={draft.value[field]}
            isRight={isReadable(draft.value, field)}
            onType={(text) => {
              draft.value = { ...draft.value, [field]: text };
            }}
          />
        ))}
      </div>
    </section>
  );
}

/** What a year leaves of each plan. */
function Years({ meant }: { readonly meant: Meant }): VNode {
  const words = say(plannerWords);
  const { catalogue, plans, costs, fullPercent } = meant;
  const shown = (minor: number): string => money(minor, catalogue.currency);
  const years = plans.map((plan) => {
    const year = yearOf(catalogue, plan, fullPercent, costs);
    const least = leastPayersPerMille({ catalogue, plan, fullPercent, costs });
    return { plan, year, least };
  });
  return (
    <section>
      <h2>{words.year1}</h2>
      <Table
        title={words.year1}
        columns={words.yearColumns}
        marked={new Set(years.flatMap(({ year }, i) => (year.leftMinor < 0 ? [i] : [])))}
        rows={years.map(({ plan, year, least }) => [
          plan.name[language.value],
          shown(plan.offers.find(({ period }) => period === "year")!.prices.web.priceMinor),
          shown(year.storageMinor),
          shown(year.freeMembersMinor),
          shown(year.paymentMinor),
          <strong key="left">{shown(year.leftMinor)}</strong>,
          least === undefined ? words.never : words.least(countText(least)),
        ])}
      />
    </section>
  );
}

/** The changed catalogue as the file of the server's setting. */
function Save({ catalogue }: { readonly catalogue: Catalogue }): VNode {
  const words = say(plannerWords);
  const problems = catalogueProblems(catalogue);
  if (problems.length > 0)
    return (
      <div class="problem">
        <p>{words.problems}</p>
        <ul>
          {problems.map(({ where, rule }) => (
            <li key={`${where} ${rule}`}>
              {where}: {rule}
            </li>
          ))}
        </ul>
      </div>
    );
  const save = (): void => {
    const text = `${JSON.stringify(catalogue, null, 2)}\n`;
    download(new Blob([text], { type: "application/json" }), `plans-${catalogue.version}.json`);
  };
  return (
    <div class="actions">
      <button type="button" class="main" onClick={save}>
        {words.download(String(catalogue.version))}
      </button>
      <p class="hint">{words.downloadHint}</p>
    </div>
  );
}
