import { useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Seal } from "../../parts/icons.tsx";
import { arrival, arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { Problem } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { authenticator, hasPasskeys } from "../../state/authenticator.ts";
import { byPasskey } from "../../words/keys/by-passkey.ts";
import { keptOut } from "../../words/keys/kept-out.ts";
import { door } from "../../words/pages/door.ts";
import type { Arrival } from "../../worker/door/door.ts";

/** What a person has done elsewhere that keeps this browser out. */
type Out = "takenOut" | "ended" | undefined;

/** Opening what this browser keeps. */
export function Unlock({ name }: { readonly name: string }): VNode {
  const words = say(door);
  const out = useSignal<Out>(undefined);
  const isLeaving = useSignal(false);
  if (out.value !== undefined) return <KeptOut out={out.value} />;
  return (
    <section class="door">
      <Seal size={56} />
      <h1>{words.unlockTitle(name)}</h1>
      {arrival.value?.hasPasskey === true && hasPasskeys && <ByPasskey out={out} />}
      {arrival.value?.hasPassword !== false && <ByPassword name={name} out={out} />}
      <button type="button" class="plain" onClick={() => (isLeaving.value = !isLeaving.value)}>
        {words.forgot}
      </button>
      {isLeaving.value && (
        <div class="card">
          <p>{words.forgotWhy}</p>
          {arrival.value?.hasWords === true && <p class="problem">{words.forgotWords}</p>}
          <Forget />
        </div>
      )}
    </section>
  );
}

function ByPassword({ name, out }: { readonly name: string; readonly out: Signal<Out> }): VNode {
  const words = say(door);
  const isOwn = arrival.value?.hasOwnPassword === true;
  return (
    <>
      <p>{isOwn ? words.unlockOwnWhy : words.unlockWhy}</p>
      <Form
        submit={words.unlock}
        isSecond={hasPasskeys && arrival.value?.hasPasskey === true}
        onSubmit={({ password = "" }) => unlock(() => desk.door.unlock(password), out)}
      >
        <input type="hidden" name="username" value={name} autocomplete="username" />
        <Field
          name="password"
          type="password"
          label={isOwn ? words.ownPassword : words.password}
          autocomplete="current-password"
        />
      </Form>
    </>
  );
}

function ByPasskey({ out }: { readonly out: Signal<Out> }): VNode {
  return (
    <Form
      submit={say(byPasskey).useToUnlock}
      onSubmit={() => unlock(() => desk.passkeys.unlock(authenticator), out)}
    >
      {null}
    </Form>
  );
}

async function unlock(ask: () => Promise<Arrival>, out: Signal<Out>): Promise<void> {
  try {
    arrival.value = await ask();
  } catch (error) {
    if (Problem.is(error, "keys.replaced")) out.value = "takenOut";
    else if (Problem.is(error, "member.no-session")) out.value = "ended";
    else throw error;
  }
}

/** Why the right password does not help. */
function KeptOut({ out }: { readonly out: NonNullable<Out> }): VNode {
  const words = say(keptOut);
  return (
    <section class="door">
      <Seal size={56} />
      <h1>{words[out]}</h1>
      <p role="alert">{out === "takenOut" ? words.takenOutWhy : words.endedWhy}</p>
      {arrival.value?.hasWords === true && <p class="problem">{say(door).forgotWords}</p>}
      <Forget />
    </section>
  );
}

function Forget(): VNode {
  const forget = async (): Promise<void> => {
    await desk.door.abandon();
    await arrive();
  };
  return (
    <button type="button" onClick={() => void forget()}>
      {say(door).forgotSure}
    </button>
  );
}
