import { useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { frame } from "../../words/frame.ts";
import { moneyWords } from "../../words/office/money.ts";
import type { ByHand, OpenBill, ToDo } from "../../worker/office/office.ts";
import { dayOfBooks, money, planName } from "./amounts.ts";
import { Codes } from "./codes.tsx";
import { Ledger } from "./ledger.tsx";
import { Proofs } from "./proofs.tsx";

/** What waits for the operator's own hands: transfers, refunds, bills, and what else is done by hand. */
export function Money(): VNode {
  const words = say(moneyWords);
  const done = useSignal(0);
  const toDo = useLoaded(() => desk.office.toDo(), [done.value]);
  // While it is asked again, what was there stays.
  const last = useSignal<ToDo | undefined>(undefined);
  const { value = last.value, error } = toDo.value;
  if (toDo.value.value !== undefined && last.peek() !== toDo.value.value) last.value = toDo.value.value;
  if (value === undefined)
    return error === undefined ? <p class="empty">{say(frame).loading}</p> : <Problem error={error} />;
  return (
    <>
      <Problem error={error} />
      {value.isTest && <p class="problem">{words.test}</p>}
      <Transfers toDo={value} done={done} />
      <Bills bills={value.bills} done={done} />
      <Codes catalogue={value.catalogue} />
      <Proofs catalogue={value.catalogue} />
      <Ledger />
    </>
  );
}

interface Given {
  readonly toDo: ToDo;
  readonly done: Signal<number>;
}

function Transfers({ toDo, done }: Given): VNode {
  const words = say(moneyWords);
  const lists = [
    { title: words.transfers, hint: words.transfersHint, all: toDo.transfers, isBack: false },
    { title: words.refunds, hint: words.refundsHint, all: toDo.refunds, isBack: true },
  ];
  return (
    <>
      {lists.map(({ title, hint, all, isBack }) => (
        <section key={title}>
          <h2>{title}</h2>
          <p class="hint">{all.length === 0 ? words.none : hint}</p>
          {all.map((each) => (
            <ByHandCard key={each.subscription} byHand={each} isBack={isBack} toDo={toDo} done={done} />
          ))}
        </section>
      ))}
    </>
  );
}

interface ByHandGiven extends Given {
  readonly byHand: ByHand;
  readonly isBack: boolean;
}

function ByHandCard({ byHand, isBack, toDo, done }: ByHandGiven): VNode {
  const words = say(moneyWords);
  const { subscription, plan, amountMinor, currency, day, purpose } = byHand;
  const told = isBack ? words.due : words.asked;
  return (
    <article class="card">
      <p>
        <strong class="purpose">{words.purpose(purpose)}</strong>
      </p>
      <p>{told(planName(toDo.catalogue, plan), money(amountMinor, currency), dayOfBooks(day))}</p>
      <Form
        submit={isBack ? words.sent : words.arrived}
        isSecond
        onSubmit={async ({ booking = "" }) => {
          await desk.office.tellSeen(subscription, booking.trim(), isBack ? -amountMinor : amountMinor);
          done.value++;
        }}
      >
        <Field name="booking" label={words.booking} />
      </Form>
    </article>
  );
}

interface BillsGiven {
  readonly bills: readonly OpenBill[];
  readonly done: Signal<number>;
}

function Bills({ bills, done }: BillsGiven): VNode {
  const words = say(moneyWords);
  return (
    <section>
      <h2>{words.bills}</h2>
      {bills.length === 0 && <p class="hint">{words.none}</p>}
      {bills.map(({ id, title, taxNumber, email, amountMinor, currency, askedDay }) => (
        <article key={id} class="card">
          <p>
            <strong>{words.billTo(title, taxNumber)}</strong>
          </p>
          <p>{words.billLine(money(amountMinor, currency), dayOfBooks(askedDay), email)}</p>
          <Form
            submit={words.written}
            isSecond
            onSubmit={async ({ number = "" }) => {
              await desk.office.billWritten(id, number.trim());
              done.value++;
            }}
          >
            <Field name="number" label={words.billNumber} />
          </Form>
        </article>
      ))}
    </section>
  );
}
