import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { arrive } from "../../state/arrival.ts";
import { authenticator, hasPasskeys } from "../../state/authenticator.ts";
import { desk } from "../../state/desk.ts";
import { Problem } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { go, to } from "../../state/route.ts";
import { byPasskey } from "../../words/keys/by-passkey.ts";
import { door } from "../../words/pages/door.ts";
import type { Arrival } from "../../worker/door/door.ts";

/** Logging in to the server; opening the history comes after it. */
export function LogIn(): VNode {
  const words = say(door);
  const needsCode = useSignal(false);
  const submit = async ({
    name = "",
    password = "",
    totp,
  }: Readonly<Record<string, string>>): Promise<void> => {
    try {
      await desk.entrance.logIn({ name: name.trim(), password, ...(totp && { totp: totp.trim() }) });
    } catch (error) {
      needsCode.value ||= Problem.is(error, "member.totp-needed");
      throw error;
    }
    go(to("home"), true);
    await arrive();
  };
  const back = (
    <a class="button plain" href={to("home")}>
      {words.back}
    </a>
  );
  return (
    <section class="door">
      <h1>{words.logInTitle}</h1>
      <Form submit={words.logIn} onSubmit={submit} beside={back}>
        <Field name="name" label={words.nickname} autocomplete="username" />
        <Field name="password" type="password" label={words.password} autocomplete="current-password" />
        {needsCode.value && <Field name="totp" label={words.totp} autocomplete="one-time-code" />}
      </Form>
      {hasPasskeys && <ByPasskey />}
      <p>
        <a href={to("from-device")}>{words.haveOther}</a>
      </p>
    </section>
  );
}

/** A passkey logs in; one that opens nothing leaves a password to be chosen for this browser. */
function ByPasskey(): VNode {
  const words = say(byPasskey);
  const needsPassword = useSignal(false);
  const end = async (come: Arrival | undefined): Promise<void> => {
    needsPassword.value = come === undefined;
    if (come === undefined) return;
    go(to("home"), true);
    await arrive();
  };
  if (!needsPassword.value)
    return (
      <Form
        isSecond
        submit={words.useToLogIn}
        onSubmit={async () => end(await desk.passkeys.logIn(authenticator))}
      >
        {null}
      </Form>
    );
  return (
    <section class="card">
      <h2>{words.keepTitle}</h2>
      <p role="status">{words.keepWhy}</p>
      <Form submit={words.keep} onSubmit={async ({ own = "" }) => end(await desk.passkeys.keepBy(own))}>
        <Field name="own" type="password" label={words.keepPassword} autocomplete="new-password" />
      </Form>
    </section>
  );
}
