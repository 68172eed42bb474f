import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useLoaded } from "../../../state/loaded.ts";
import { ownWords } from "../../../words/plan/own.ts";

const choices = [0, 180, 365, 730] as const;

/** A rule of the member's own for when nobody comes any more. */
export function Idle(): VNode {
  const words = say(ownWords);
  const { value, error } = useLoaded(() => desk.papers.idleDays(), []).value;
  const isDone = useSignal(false);
  const set = async ({ days = "0" }: Readonly<Record<string, string>>): Promise<void> => {
    isDone.value = false;
    await desk.papers.setIdleDays(choices.find((each) => String(each) === days) ?? 0);
    isDone.value = true;
  };
  return (
    <details class="way">
      <summary>{words.idle}</summary>
      <p class="hint">{words.idleWhy}</p>
      <Problem error={error} />
      {value !== undefined && (
        <Form submit={words.idleSet} isSecond onSubmit={set}>
          <fieldset class="choice">
            <legend class="unseen">{words.idle}</legend>
            {choices.map((days) => (
              <label key={days}>
                <input type="radio" name="days" value={String(days)} defaultChecked={days === value} />
                <span>{words.idleChoices[String(days)]}</span>
              </label>
            ))}
          </fieldset>
        </Form>
      )}
      {isDone.value && <p role="status">✓ {words.idleDone}</p>}
    </details>
  );
}
