import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { say } from "../../state/language.ts";
import { sources } from "../../words/pages/sources.ts";

/** What a reader wants to know. */
export interface Question {
  readonly kind: "password" | "own";
  readonly names: readonly string[];
  /** What was wrong with the answer before. */
  readonly wrong?: unknown;
  readonly answer: (given: string | number | undefined) => void;
}

/** Puts a question of a reader's. */
export function Ask({ question }: { readonly question: Question }): VNode {
  return question.kind === "password" ? <AskPassword question={question} /> : <AskOwn question={question} />;
}

function AskPassword({ question: { answer, wrong } }: { readonly question: Question }): VNode {
  const words = say(sources);
  const skip = (
    <button type="button" class="plain" onClick={() => answer(undefined)}>
      {words.skip}
    </button>
  );
  return (
    <Form submit={words.yes} beside={skip} onSubmit={({ password = "" }) => answer(password)}>
      <p>{words.askPassword}</p>
      <p class="hint">{words.useAgent}</p>
      <Field name="password" type="password" label={words.backupPassword} />
      <Problem error={wrong} />
    </Form>
  );
}

function AskOwn({ question: { names, answer } }: { readonly question: Question }): VNode {
  const words = say(sources);
  return (
    <Form
      submit={words.yes}
      onSubmit={({ own = "" }) => answer(own === "" || own === "none" ? undefined : Number(own))}
    >
      <fieldset class="choice">
        <legend>{words.askOwn}</legend>
        {names.map((name, i) => (
          <label key={name}>
            <input type="radio" name="own" value={String(i)} required />
            <span class="private">{name}</span>
          </label>
        ))}
        <label>
          <input type="radio" name="own" value="none" required />
          <span>{words.none}</span>
        </label>
      </fieldset>
    </Form>
  );
}
