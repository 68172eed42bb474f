import type { Catalogue, Period } from "@keepsake/core/plans";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { download } from "../../parts/download.ts";
import { Field, Form } from "../../parts/form.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { moneyWords } from "../../words/office/money.ts";
import { countText } from "../../words/values.ts";
import { planName, typedCount } from "./amounts.ts";

interface Made {
  readonly codes: readonly string[];
  readonly plan: string;
  readonly period: Period;
  readonly periods: number;
}

/** The most that the server takes. */
const most = { periods: 24, count: 1000, days: 3650 } as const;

/** Codes that are worth a plan: made, and shown once. */
export function Codes({ catalogue }: { readonly catalogue: Catalogue }): VNode {
  const words = say(moneyWords);
  const made = useSignal<Made | undefined>(undefined);
  const offers = catalogue.plans.flatMap(({ id, offers: all }) =>
    all.map(({ period }) => ({ id, period, name: `${planName(catalogue, id)} · ${words[period]}` })),
  );
  return (
    <section>
      <h2>{words.codes}</h2>
      <p class="hint">{words.codesHint}</p>
      <Form
        submit={words.make}
        isSecond
        onSubmit={async ({ offer = "", periods = "", count = "", days = "" }) => {
          const { id: plan, period } = offers[Number(offer)]!;
          const asked = {
            plan,
            period,
            // What is no number is the server's to refuse.
            periods: typedCount(periods, 1, most.periods) ?? 0,
            count: typedCount(count, 1, most.count) ?? 0,
            days: typedCount(days, 1, most.days) ?? 0,
          };
          made.value = { codes: await desk.office.makeCodes(asked), ...asked };
        }}
      >
        <div class="grid">
          <div class="field">
            <label for="code-offer">{words.plan}</label>
            <select id="code-offer" name="offer">
              {offers.map(({ name }, i) => (
                <option key={name} value={i}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <Field name="periods" label={words.periods} value="1" />
          <Field name="count" label={words.count} value="10" />
          <Field name="days" label={words.days} value="365" />
        </div>
      </Form>
      {made.value !== undefined && (
        <MadeCodes
          key={made.value.codes[0]}
          name={words.codes}
          codes={made.value.codes}
          table={tableOf(made.value)}
        />
      )}
    </section>
  );
}

function tableOf({ codes, plan, period, periods }: Made): readonly string[] {
  return ["code,plan,period,periods", ...codes.map((code) => `${code},${plan},${period},${periods}`)];
}

interface MadeGiven {
  readonly name: string;
  readonly codes: readonly string[];
  /** The lines of a file of them. */
  readonly table: readonly string[];
}

/** Codes as they were made: to be copied or saved, since nobody can ask for them again. */
export function MadeCodes({ name, codes, table }: MadeGiven): VNode {
  const words = say(moneyWords);
  const isCopied = useSignal(false);
  const save = (): void => {
    download(new Blob([`${table.join("\r\n")}\r\n`], { type: "text/csv" }), "codes.csv");
  };
  return (
    <div class="card" role="status">
      <p>{words.made(countText(codes.length))}</p>
      <textarea readOnly rows={Math.min(codes.length, 12)} aria-label={name} value={codes.join("\n")} />
      <div class="actions">
        <button
          type="button"
          onClick={() =>
            void navigator.clipboard.writeText(codes.join("\n")).then(() => (isCopied.value = true))
          }
        >
          {isCopied.value ? words.copied : words.copy}
        </button>
        <button type="button" onClick={save}>
          {words.csv}
        </button>
      </div>
    </div>
  );
}
