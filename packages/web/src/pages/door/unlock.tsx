import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Seal } from "../../parts/icons.tsx";
import { arrival, arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { door } from "../../words/pages/door.ts";

/** Opening what this browser keeps. */
export function Unlock({ name }: { readonly name: string }): VNode {
  const words = say(door);
  const isLeaving = useSignal(false);
  const forget = async (): Promise<void> => {
    await desk.door.abandon();
    await arrive();
  };
  return (
    <section class="door">
      <Seal size={56} />
      <h1>{words.unlockTitle(name)}</h1>
      <p>{words.unlockWhy}</p>
      <Form
        submit={words.unlock}
        onSubmit={async ({ password = "" }) => {
          arrival.value = await desk.door.unlock(password);
        }}
      >
        <input type="hidden" name="username" value={name} autocomplete="username" />
        <Field name="password" type="password" label={words.password} autocomplete="current-password" />
      </Form>
      <button type="button" class="plain" onClick={() => (isLeaving.value = !isLeaving.value)}>
        {words.forgot}
      </button>
      {isLeaving.value && (
        <div class="card">
          <p>{words.forgotWhy}</p>
          <button type="button" onClick={() => void forget()}>
            {words.forgotSure}
          </button>
        </div>
      )}
    </section>
  );
}
