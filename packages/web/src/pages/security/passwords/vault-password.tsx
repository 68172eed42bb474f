import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useLoaded } from "../../../state/loaded.ts";
import { vaultPassword } from "../../../words/keys/vault-password.ts";
import { changes } from "../changes.ts";

/** The password that opens the vault in a browser that has no key yet. */
export function VaultPassword(): VNode | null {
  const words = say(vaultPassword);
  const told = useLoaded(() => desk.vaultPassword.state(), [changes.value]).value;
  const asked = useSignal<"set" | "remove" | undefined>(undefined);
  const outcome = useSignal<"done" | "left" | undefined>(undefined);
  const { isSet, guards } = told.value ?? { isSet: false, guards: "here" as const };
  const ask = (what: "set" | "remove"): void => {
    [asked.value, outcome.value] = [what, undefined];
  };
  if (guards === "off") return null;
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <p>{words.why}</p>
      <Problem error={told.error} />
      {guards === "elsewhere" && <p class="hint">{words.elsewhere}</p>}
      {told.value !== undefined && <p class="hint">{isSet ? words.isSet : words.isNot}</p>}
      {outcome.value !== undefined && (
        <p role="status">
          ✓ {words.done} {outcome.value === "left" && words.left}
        </p>
      )}
      {asked.value === undefined ? (
        guards !== "elsewhere" && (
          <div class="actions">
            <button type="button" onClick={() => ask("set")}>
              {isSet ? words.change : words.set}
            </button>
            {isSet && (
              <button type="button" class="plain" onClick={() => ask("remove")}>
                {words.remove}
              </button>
            )}
          </div>
        )
      ) : (
        <Change
          isRemoval={asked.value === "remove"}
          onCancel={() => (asked.value = undefined)}
          onDone={(isForgotten) => {
            [asked.value, outcome.value] = [undefined, isForgotten ? "done" : "left"];
            changes.value++;
          }}
        />
      )}
    </section>
  );
}

interface ChangeGiven {
  readonly isRemoval: boolean;
  readonly onCancel: () => void;
  readonly onDone: (isForgotten: boolean) => void;
}

function Change({ isRemoval, onCancel, onDone }: ChangeGiven): VNode {
  const words = say(vaultPassword);
  const isSame = useSignal(false);
  const cancel = (
    <button type="button" class="plain" onClick={onCancel}>
      {words.cancel}
    </button>
  );
  const change = async ({ words: typed = "", password }: Readonly<Record<string, string>>): Promise<void> => {
    const outcome = await desk.vaultPassword.change({ words: typed, password });
    isSame.value = outcome === "same";
    if (outcome !== "same") onDone(outcome === "forgotten");
  };
  return (
    <Form submit={isRemoval ? words.sureRemove : words.sure} beside={cancel} onSubmit={change}>
      {!isRemoval && <p>{words.alone}</p>}
      <Field name="words" label={words.words} rows={3} />
      {!isRemoval && (
        <Field
          name="password"
          type="password"
          label={words.password}
          hint={words.passwordHint}
          autocomplete="new-password"
        />
      )}
      {isSame.value && (
        <p class="problem" role="alert">
          {words.same}
        </p>
      )}
    </Form>
  );
}
