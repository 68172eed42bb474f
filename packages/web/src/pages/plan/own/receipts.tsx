import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useLoaded } from "../../../state/loaded.ts";
import { planWords } from "../../../words/plan/have.ts";
import { paperWords } from "../../../words/plan/papers.ts";
import type { Receipt } from "../../../worker/plan/papers.ts";
import type { PlanShown } from "../../../worker/plan/plan.ts";
import { dayText, lastDayText } from "../days.ts";
import { money, planName, providerName } from "../texts.ts";

interface ReceiptsGiven {
  readonly shown: PlanShown;
}

/** Everything that was paid, to be printed, and bills for it. */
export function Receipts({ shown }: ReceiptsGiven): VNode {
  const words = say(paperWords);
  const edition = useSignal(0);
  const { value, error } = useLoaded(() => desk.papers.receipts(), [edition.value]).value;
  return (
    <>
      <h1>{words.title}</h1>
      <Problem error={error} />
      {value === undefined && error === undefined && (
        <p class="hint" role="status">
          {say(planWords).loading}
        </p>
      )}
      {value?.length === 0 && <p>{words.none}</p>}
      {value !== undefined && value.length > 0 && (
        <div class="actions on-screen">
          <button type="button" onClick={() => print()}>
            {words.print}
          </button>
        </div>
      )}
      {value?.map((receipt) => (
        <One key={receipt.charge} shown={shown} receipt={receipt} onBill={() => edition.value++} />
      ))}
    </>
  );
}

interface OneGiven extends ReceiptsGiven {
  readonly receipt: Receipt;
  readonly onBill: () => void;
}

function One({ shown, receipt, onBill }: OneGiven): VNode {
  const words = say(paperWords);
  const { charge, plan, period, fromDay, untilDay, amountMinor, currency, invoice } = receipt;
  const rows: (readonly [string, string])[] = [
    [words.plan, words.planOf(planName(shown.catalogue, plan), say(planWords).periods[period])],
    [
      words.term,
      receipt.isGift
        ? words.gift(dayText(fromDay))
        : untilDay > fromDay
          ? words.termOf(dayText(fromDay), lastDayText(untilDay))
          : words.noDays(dayText(fromDay)),
    ],
    [words.way, `${providerName(receipt.provider)}${receipt.isTrial ? `, ${words.trial}` : ""}`],
    [words.paid, money(amountMinor, currency)],
    [words.storeFee, money(receipt.storeFeeMinor, currency)],
  ];
  if (receipt.creditMinor > 0) rows.push([words.credit, money(receipt.creditMinor, currency)]);
  if (receipt.refundedMinor > 0) rows.push([words.refunded, money(receipt.refundedMinor, currency)]);
  return (
    <section class="card">
      <h2>{words.receipt(charge)}</h2>
      <table class="sum">
        <tbody>
          {rows.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {invoice !== undefined && (
        <p role="status">
          {words.billStates[invoice.state] ?? invoice.state} {invoice.number}
        </p>
      )}
      {amountMinor > 0 && invoice?.state !== "issued" && <Bill charge={charge} onBill={onBill} />}
    </section>
  );
}

function Bill({ charge, onBill }: { readonly charge: string; readonly onBill: () => void }): VNode {
  const words = say(paperWords);
  const isDone = useSignal(false);
  return (
    <details class="way on-screen">
      <summary>{words.bill}</summary>
      <p class="hint">{words.billWhy}</p>
      <Form
        submit={words.billSend}
        isSecond
        onSubmit={async ({ title = "", taxNumber = "", email = "" }) => {
          await desk.papers.askBill({ charge, title, taxNumber, email });
          isDone.value = true;
          onBill();
        }}
      >
        <Field name="title" label={words.billTitle} />
        <Field name="taxNumber" label={words.billTax} hint={words.billTaxHint} isOptional />
        <Field name="email" label={words.billMail} autocomplete="email" />
      </Form>
      {isDone.value && <p role="status">✓ {words.billDone}</p>}
    </details>
  );
}
