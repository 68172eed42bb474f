import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { card } from "../../words/keys/card.ts";
import { longDayText } from "../../words/values.ts";
import type { CareState } from "../../worker/act/care.ts";
import { changes } from "./changes.ts";
import { Renew } from "./new-card.tsx";

/** Whether the recovery card is still there, and a new one. */
export function Card(): VNode {
  const words = say(card);
  const isRight = useSignal(false);
  const care = useLoaded(() => desk.care.state(), [changes.value]);
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <Standing care={care.value.value} />
      <p>{words.why}</p>
      <Form
        key={changes.value}
        submit={words.check}
        onSubmit={async ({ words: typed = "" }) => {
          isRight.value = false;
          await desk.keyChanges.checkCard(typed);
          isRight.value = true;
          changes.value++;
        }}
      >
        <Field name="words" label={words.words} rows={3} />
      </Form>
      {isRight.value && <p role="status">✓ {words.right}</p>}
      <Renew />
    </section>
  );
}

function Standing({ care }: { readonly care: CareState | undefined }): VNode | null {
  const words = say(card);
  if (care === undefined) return null;
  const { isCardChanging, newCardMs, wordsCheckedMs } = care;
  if (isCardChanging) return <p class="problem">{words.cut}</p>;
  if (newCardMs !== undefined) return <p class="problem">{words.replaced(longDayText(newCardMs))}</p>;
  return wordsCheckedMs === undefined ? null : <p class="hint">{words.last(longDayText(wordsCheckedMs))}</p>;
}
