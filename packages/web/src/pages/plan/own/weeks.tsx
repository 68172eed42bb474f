import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useLoaded } from "../../../state/loaded.ts";
import { ownWords } from "../../../words/plan/own.ts";

/** Whether this browser tells the server from when files are. */
export function Weeks(): VNode {
  const words = say(ownWords);
  const { value, error } = useLoaded(() => desk.papers.givesWeeks(), []).value;
  const isDone = useSignal(false);
  const set = async ({ weeks = "" }: Readonly<Record<string, string>>): Promise<void> => {
    isDone.value = false;
    await desk.papers.setGivesWeeks(weeks === "on");
    isDone.value = true;
  };
  return (
    <details class="way">
      <summary>{words.weeks}</summary>
      <p class="hint">{words.weeksWhy}</p>
      <Problem error={error} />
      {value !== undefined && (
        <Form submit={words.idleSet} isSecond onSubmit={set}>
          <fieldset class="choice">
            <legend class="unseen">{words.weeks}</legend>
            {([true, false] as const).map((isOn) => (
              <label key={String(isOn)}>
                <input
                  type="radio"
                  name="weeks"
                  value={isOn ? "on" : "off"}
                  defaultChecked={isOn === value}
                />
                <span>{isOn ? words.weeksOn : words.weeksOff}</span>
              </label>
            ))}
          </fieldset>
        </Form>
      )}
      {isDone.value && <p role="status">✓ {words.idleDone}</p>}
    </details>
  );
}
