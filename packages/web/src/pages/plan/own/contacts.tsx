import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { ownWords } from "../../../words/plan/own.ts";
import type { Contact } from "../../../worker/plan/papers.ts";
import { refresh } from "../shown.ts";

/** Where somebody hears of charges. */
export function Contacts({ contacts }: { readonly contacts: readonly Contact[] }): VNode {
  const words = say(ownWords);
  const error = useSignal<unknown>(undefined);
  const remove = async (id: string): Promise<void> => {
    try {
      await desk.papers.removeContact(id);
      await refresh();
    } catch (problem) {
      error.value = problem;
    }
  };
  return (
    <details class="way">
      <summary>{words.contacts}</summary>
      <p class="hint">{words.contactsWhy}</p>
      <ul class="plain-list">
        {contacts.map(({ id, kind, masked }) => (
          <li key={id}>
            <span>
              {words.contactKinds[kind]}: {masked}
            </span>
            <button
              type="button"
              class="small"
              aria-label={words.contactRemoveName(masked)}
              onClick={() => void remove(id)}
            >
              {words.contactRemove}
            </button>
          </li>
        ))}
      </ul>
      <Problem error={error.value} />
      <Add />
    </details>
  );
}

function Add(): VNode {
  const words = say(ownWords);
  const sent = useSignal<string | undefined>(undefined);
  const isDone = useSignal(false);
  const cancel = (
    <button type="button" class="plain" onClick={() => (sent.value = undefined)}>
      {words.cancel}
    </button>
  );
  if (sent.value === undefined)
    return (
      <>
        <Form
          submit={words.contactSend}
          isSecond
          onSubmit={async ({ to = "" }) => {
            const kind = to.includes("@") ? "email" : "phone";
            isDone.value = false;
            sent.value = await desk.papers.addContact({ kind, to: to.trim() });
          }}
        >
          <Field name="to" label={words.contactTo} hint={words.contactHint} />
        </Form>
        {isDone.value && <p role="status">✓ {words.contactDone}</p>}
      </>
    );
  return (
    <Form
      submit={words.contactConfirm}
      isSecond
      beside={cancel}
      onSubmit={async ({ code = "" }) => {
        await desk.papers.confirmContact(sent.value!, code.trim());
        [sent.value, isDone.value] = [undefined, true];
        await refresh();
      }}
    >
      <Field name="code" label={words.contactCode} autocomplete="one-time-code" />
    </Form>
  );
}
