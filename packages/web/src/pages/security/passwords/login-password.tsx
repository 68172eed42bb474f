import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../../parts/form.tsx";
import { arrival } from "../../../state/arrival.ts";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { loginPassword } from "../../../words/keys/login-password.ts";
import { changes } from "../changes.ts";

/** Another password for the login. */
export function LoginPassword(): VNode | null {
  const words = say(loginPassword);
  const isOpen = useSignal(false);
  const ended = useSignal<number | undefined>(undefined);
  const { hasPassword = true, hasOwnPassword = false } = arrival.value ?? {};
  if (!hasPassword) return null;
  const cancel = (
    <button type="button" class="plain" onClick={() => (isOpen.value = false)}>
      {words.cancel}
    </button>
  );
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <p>{hasOwnPassword ? words.whyOwn : words.why}</p>
      {ended.value !== undefined && <p role="status">✓ {words.done(ended.value)}</p>}
      {isOpen.value ? (
        <Form
          submit={words.sure}
          beside={cancel}
          onSubmit={async ({ current = "", next = "" }) => {
            ended.value = await desk.keyChanges.changeLoginPassword({ current, next });
            isOpen.value = false;
            changes.value++;
          }}
        >
          <Field name="current" type="password" label={words.current} autocomplete="current-password" />
          <Field
            name="next"
            type="password"
            label={words.next}
            hint={words.nextHint}
            autocomplete="new-password"
          />
        </Form>
      ) : (
        <div class="actions">
          <button type="button" onClick={() => ([isOpen.value, ended.value] = [true, undefined])}>
            {words.change}
          </button>
        </div>
      )}
    </section>
  );
}
