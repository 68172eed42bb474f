import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { authenticator, hasPasskeys } from "../../state/authenticator.ts";
import { arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { passkeys } from "../../words/keys/passkeys.ts";
import { longDayText } from "../../words/values.ts";
import type { PasskeyAdded, PasskeyLine } from "../../worker/act/passkeys.ts";
import { changes } from "./changes.ts";

/** Passkeys: what each is good for, a new one, and taking one away. */
export function Passkeys(): VNode | null {
  const words = say(passkeys);
  const isAdding = useSignal(false);
  const came = useSignal<PasskeyAdded | undefined>(undefined);
  const { value, error } = useLoaded(() => desk.passkeys.list(), [changes.value]).value;
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <p>{words.why}</p>
      <Problem error={error} />
      {value?.length === 0 && <p class="hint">{words.none}</p>}
      <ul class="plain-list">
        {value?.map((passkey) => (
          <Line key={passkey.id} passkey={passkey} />
        ))}
      </ul>
      {came.value !== undefined && <p role="status">✓ {words[doneText(came.value)]}</p>}
      {isAdding.value ? (
        <Add
          onCancel={() => (isAdding.value = false)}
          onDone={(added) => {
            [isAdding.value, came.value] = [false, added];
            changes.value++;
            void arrive();
          }}
        />
      ) : (
        hasPasskeys && (
          <div class="actions">
            <button type="button" onClick={() => ([isAdding.value, came.value] = [true, undefined])}>
              {words.add}
            </button>
          </div>
        )
      )}
    </section>
  );
}

function doneText({ opens, unlocks }: PasskeyAdded): "doneOpens" | "doneUnlocks" | "doneLogsIn" {
  return opens ? "doneOpens" : unlocks ? "doneUnlocks" : "doneLogsIn";
}

interface AddGiven {
  readonly onCancel: () => void;
  readonly onDone: (added: PasskeyAdded) => void;
}

function Add({ onCancel, onDone }: AddGiven): VNode {
  const words = say(passkeys);
  const cancel = (
    <button type="button" class="plain" onClick={onCancel}>
      {words.cancel}
    </button>
  );
  return (
    <section class="care" aria-label={words.add}>
      <Form
        submit={words.make}
        beside={cancel}
        onSubmit={async ({ words: typed = "" }) => onDone(await desk.passkeys.add(authenticator, typed))}
      >
        <Field name="words" label={words.words} hint={words.wordsHint} rows={3} isOptional />
      </Form>
    </section>
  );
}

function Line({ passkey }: { readonly passkey: PasskeyLine }): VNode {
  const words = say(passkeys);
  const isLeaving = useSignal(false);
  const { id, addedMs, usedMs, unlocks, opens } = passkey;
  const day = longDayText(addedMs);
  const cancel = (
    <button type="button" class="plain" onClick={() => (isLeaving.value = false)}>
      {words.cancel}
    </button>
  );
  return (
    <li>
      <span>
        {words.added(day)} {opens && <em>{words.opens}</em>} {unlocks && <em>{words.unlocks}</em>}{" "}
        {!opens && !unlocks && <em>{words.logsIn}</em>}
        <span class="hint"> {words.used(longDayText(usedMs))}</span>
      </span>
      {isLeaving.value ? (
        <section class="care whole" aria-label={words.removeName(day)}>
          <p>
            {words.removeWhy} {opens && words.removeOpens}
          </p>
          <Form
            submit={words.sure}
            beside={cancel}
            onSubmit={async ({ words: typed = "" }) => {
              await desk.passkeys.remove(id, typed);
              changes.value++;
            }}
          >
            {opens && <Field name="words" label={words.removeWords} rows={3} />}
          </Form>
        </section>
      ) : (
        <button
          type="button"
          class="small"
          aria-label={words.removeName(day)}
          onClick={() => (isLeaving.value = true)}
        >
          {words.remove}
        </button>
      )}
    </li>
  );
}
