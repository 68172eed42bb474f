import { eventText, isAlarming } from "@keepsake/core/protocol";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { security } from "../../words/pages/security.ts";
import { clockText, longDayText } from "../../words/values.ts";
import { changes } from "./changes.ts";

const MOST_EVENTS = 50;

/** What the server says happened. */
export function Events(): VNode {
  const words = say(security);
  const events = useLoaded(() => desk.keys.events(MOST_EVENTS), [changes.value]);
  const { value, error } = events.value;
  return (
    <section class="card">
      <h2>{words.events}</h2>
      <p class="hint">{words.eventsHint}</p>
      <Problem error={error} />
      {value?.length === 0 && <p>{words.none}</p>}
      <ul class="plain-list events">
        {value?.map(({ number, kind, atMs }) => {
          const told = eventText(kind);
          return (
            <li key={number} class={isAlarming(kind) ? "alarming" : undefined}>
              <span>{told === undefined ? kind : say(told)}</span>
              <time class="when" dateTime={new Date(atMs).toISOString()}>
                {longDayText(atMs)} {clockText(atMs)}
              </time>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
