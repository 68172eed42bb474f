import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Field, Form } from "../../parts/form.tsx";
import { arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { go, to } from "../../state/route.ts";
import { door } from "../../words/pages/door.ts";
import { signUp } from "../../words/pages/sign-up.ts";

/** Becoming a member: a name and a password. */
export function SignUp(): VNode {
  const words = { ...say(door), ...say(signUp) };
  const isInvited = useSignal(false);
  useEffect(() => {
    void desk.door.server().then(
      ({ admits }) => (isInvited.value = admits === "invitation"),
      () => undefined,
    );
  }, [isInvited]);
  const submit = async (given: Readonly<Record<string, string>>): Promise<void> => {
    const { name = "", password = "", invitation } = given;
    await desk.entrance.signUp({
      name: name.trim(),
      password,
      ...(invitation && { invitation: invitation.trim() }),
    });
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
      <h1>{words.signUpTitle}</h1>
      <Form submit={words.next} onSubmit={submit} beside={back}>
        {isInvited.value && <Field name="invitation" label={words.invitation} hint={words.invitationHint} />}
        <Field name="name" label={words.nickname} hint={words.nicknameHint} autocomplete="username" />
        <Field
          name="password"
          type="password"
          label={words.password}
          hint={words.passwordHint}
          autocomplete="new-password"
        />
      </Form>
    </section>
  );
}
