import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { arrive, lock } from "../../state/arrival.ts";
import { deviceName } from "../../state/device-name.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { door } from "../../words/pages/door.ts";

/** Opening a vault in a browser that has no key of it yet. */
export function Enter(): VNode {
  const words = say(door);
  const isByPassword = useSignal(false);
  const back = (
    <button type="button" class="plain" onClick={() => void lock()}>
      {words.back}
    </button>
  );
  return (
    <section class="door">
      <h1>{words.enterTitle}</h1>
      <p>{words.enterWhy}</p>
      <Form
        key={isByPassword.value ? "password" : "words"}
        submit={words.open}
        beside={back}
        onSubmit={async ({ words: typed = "", vaultPassword }) => {
          const given = vaultPassword === undefined ? { words: typed } : { vaultPassword };
          await desk.entrance.enter(given, deviceName());
          await arrive();
        }}
      >
        {isByPassword.value ? (
          <Field
            name="vaultPassword"
            type="password"
            label={words.vaultPassword}
            autocomplete="current-password"
          />
        ) : (
          <Field name="words" label={words.words} rows={4} />
        )}
      </Form>
      <p>
        <button type="button" class="plain" onClick={() => (isByPassword.value = !isByPassword.value)}>
          {isByPassword.value ? words.byWords : words.byVaultPassword}
        </button>
      </p>
      <p>
        <a href={to("from-device")} onClick={() => void leave()}>
          {words.haveOther}
        </a>
      </p>
    </section>
  );
}

/** The device that lets this browser in gives it a login as well. */
async function leave(): Promise<void> {
  await desk.door.leave();
  await arrive();
}
