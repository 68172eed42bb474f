import type { Catalogue } from "@keepsake/core/plans";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { desk } from "../../state/desk.ts";
import { language, say } from "../../state/language.ts";
import { moneyWords } from "../../words/office/money.ts";
import { typedCount } from "./amounts.ts";
import { MadeCodes } from "./codes.tsx";

/** The most that the server takes. */
const most = { count: 1000, days: 3650 } as const;

/** Codes for who has shown the operator that they may pay less: made, and shown once. */
export function Proofs({ catalogue }: { readonly catalogue: Catalogue }): VNode | null {
  const words = say(moneyWords);
  const made = useSignal<{ readonly codes: readonly string[]; readonly reduction: string } | undefined>(
    undefined,
  );
  const reductions = catalogue.reductions.filter(({ needs }) => needs !== "coupon");
  if (reductions.length === 0) return null;
  const nameOf = ({ name, percentOff, periods }: Catalogue["reductions"][number]): string =>
    periods === undefined
      ? words.reductionOf(name[language.value], percentOff)
      : words.reductionPeriods(name[language.value], percentOff, periods);
  return (
    <section>
      <h2>{words.proofs}</h2>
      <p class="hint">{words.proofsHint}</p>
      <Form
        submit={words.makeProofs}
        isSecond
        onSubmit={async ({ reduction = "", proofs = "", proofDays = "" }) => {
          const asked = {
            reduction,
            // What is no number is the server's to refuse.
            count: typedCount(proofs, 1, most.count) ?? 0,
            days: typedCount(proofDays, 1, most.days) ?? 0,
          };
          made.value = { codes: await desk.office.makeProofs(asked), reduction };
        }}
      >
        <div class="grid">
          <div class="field">
            <label for="proof-reduction">{words.reduction}</label>
            <select id="proof-reduction" name="reduction">
              {reductions.map((each) => (
                <option key={each.id} value={each.id}>
                  {nameOf(each)}
                </option>
              ))}
            </select>
          </div>
          <Field name="proofs" label={words.proofCount} value="1" />
          <Field name="proofDays" label={words.proofDays} value="30" />
        </div>
      </Form>
      {made.value !== undefined && (
        <MadeCodes
          key={made.value.codes[0]}
          name={words.proofs}
          codes={made.value.codes}
          table={["code,reduction", ...made.value.codes.map((code) => `${code},${made.value!.reduction}`)]}
        />
      )}
    </section>
  );
}
