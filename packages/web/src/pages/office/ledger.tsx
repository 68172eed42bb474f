import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { download } from "../../parts/download.ts";
import { Form } from "../../parts/form.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { moneyWords } from "../../words/office/money.ts";
import { dayOfBooks } from "./amounts.ts";

const DAY_MS = 86_400_000;

/** The ledger of some days, for accounting. */
export function Ledger(): VNode {
  const words = say(moneyWords);
  const id = useId();
  const today = Math.floor(Date.now() / DAY_MS);
  const field = (name: string, label: string, day: number): VNode => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <input type="date" id={`${id}-${name}`} name={name} required defaultValue={dayOfBooks(day)} />
    </div>
  );
  return (
    <section>
      <h2>{words.ledger}</h2>
      <p class="hint">{words.ledgerHint}</p>
      <Form
        submit={words.save}
        isSecond
        onSubmit={async ({ from = "", until = "" }) => {
          // The last day is meant with it.
          const end = dayOfBooks(Math.floor(Date.parse(until) / DAY_MS) + 1);
          download(await desk.office.ledger(from, end), `ledger-${from}-${until}.csv`);
        }}
      >
        <div class="grid">
          {field("from", words.from, today - 30)}
          {field("until", words.until, today)}
        </div>
      </Form>
    </section>
  );
}
