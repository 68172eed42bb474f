import { eventText, isAlarming } from "@keepsake/core/protocol";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { isSample } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { security } from "../../words/pages/security.ts";
import { clockText, longDayText } from "../../words/values.ts";

/** The recovery card, who may open, who is logged in, and what happened. */
export function SecurityPage(): VNode {
  const words = say(security);
  return (
    <section class="page">
      <h1>{words.title}</h1>
      {isSample.value ? (
        <p class="lead">{words.sampleNo}</p>
      ) : (
        <>
          <Card />
          <Devices />
          <Logins />
          <Events />
        </>
      )}
    </section>
  );
}

function Card(): VNode {
  const words = say(security);
  const times = useSignal(0);
  const care = useLoaded(() => desk.care.state(), [times.value]);
  const lastMs = care.value.value?.wordsCheckedMs;
  return (
    <section class="card">
      <h2>{words.card}</h2>
      <p>{words.cardWhy}</p>
      {lastMs !== undefined && <p class="hint">{words.cardLast(longDayText(lastMs))}</p>}
      <Form
        key={times.value}
        submit={words.cardCheck}
        onSubmit={async ({ words: typed = "" }) => {
          await desk.keys.checkCard(typed);
          times.value++;
        }}
      >
        <Field name="words" label={words.cardWords} rows={3} />
      </Form>
      {times.value > 0 && <p role="status">✓ {words.cardRight}</p>}
    </section>
  );
}

function Devices(): VNode {
  const words = say(security);
  const devices = useLoaded(() => desk.keys.devices(), []);
  const { value = [], error } = devices.value;
  return (
    <section class="card">
      <h2>{words.devices}</h2>
      <Problem error={error} />
      <ul class="plain-list">
        {value.map(({ writer, name, isThis, isRevoked }) => (
          <li key={writer}>
            {name} {isThis && <em>{words.thisOne}</em>} {isRevoked && <em>{words.revoked}</em>}
          </li>
        ))}
      </ul>
      <p class="hint">{words.devicesHint}</p>
    </section>
  );
}

function Logins(): VNode {
  const words = say(security);
  const times = useSignal(0);
  const failed = useSignal<unknown>(undefined);
  const logins = useLoaded(() => desk.keys.logins(), [times.value]);
  const { value = [], error } = logins.value;
  const logOut = (id: string): void => {
    desk.keys.logOut(id).then(
      () => times.value++,
      (problem: unknown) => (failed.value = problem),
    );
  };
  return (
    <section class="card">
      <h2>{words.logins}</h2>
      <Problem error={error ?? failed.value} />
      <ul class="plain-list">
        {value.map(({ id, platform, seenMs, isThis }) => (
          <li key={id}>
            <span>
              {words.platforms[platform] ?? platform} {isThis && <em>{words.thisOne}</em>}
              <span class="hint"> {words.lastSeen(longDayText(seenMs))}</span>
            </span>
            {!isThis && (
              <button type="button" class="small" onClick={() => logOut(id)}>
                {words.logOut}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const MOST_EVENTS = 50;

function Events(): VNode {
  const words = say(security);
  const events = useLoaded(() => desk.keys.events(MOST_EVENTS), []);
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
