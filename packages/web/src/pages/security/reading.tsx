import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { deviceName } from "../../state/device-name.ts";
import { say } from "../../state/language.ts";
import { passkeys } from "../../words/keys/passkeys.ts";
import { changes } from "./changes.ts";

/** A browser that a passkey opened becomes a device by the words. */
export function Reading(): VNode {
  const words = say(passkeys);
  return (
    <section class="card">
      <h2>{words.readingTitle}</h2>
      <p>{words.readingWhy}</p>
      <Form
        submit={words.becomeDevice}
        onSubmit={async ({ words: typed = "" }) => {
          await desk.entrance.enter({ words: typed }, deviceName());
          changes.value++;
          await arrive();
        }}
      >
        <Field name="words" label={words.readingWords} rows={3} />
      </Form>
    </section>
  );
}
