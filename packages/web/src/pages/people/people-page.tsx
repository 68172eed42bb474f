import { useComputed, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { Virtualizer } from "virtua";
import { Avatar } from "../../parts/avatar.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { initials } from "../../words/initials.ts";
import { say } from "../../state/language.ts";
import { useFolded, useLoaded } from "../../state/loaded.ts";
import { route, to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { people as peopleWords } from "../../words/pages/looking/people.ts";
import { countText, dayText } from "../../words/values.ts";
import type { PersonLine } from "../../worker/look/sums/people.ts";
import { PersonPage } from "./person-page.tsx";

/** Everybody who is in the chats, or one of them. */
export function PeoplePage(): VNode {
  const [person] = route.value.rest;
  return person === undefined ? <PeopleList /> : <PersonPage key={person} id={person} />;
}

function PeopleList(): VNode {
  const words = say(peopleWords);
  const told = useSignal(0);
  const people = useLoaded(
    () =>
      desk.sums.people(
        near((event) => {
          if (event.type === "progress") told.value = event.done.messages ?? 0;
        }),
      ),
    [],
  );
  const wanted = useSignal("");
  const folded = useFolded(wanted);
  const shown = useComputed(() => peopleLike(people.value.value ?? [], folded.value));
  const scroller = useRef<HTMLDivElement>(null);
  const { value, error } = people.value;
  return (
    <section class="media-page people-page">
      <header>
        <h1>{words.title}</h1>
        <input
          type="search"
          aria-label={words.find}
          placeholder={words.find}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
      </header>
      <Problem error={error} />
      {value === undefined && error === undefined && (
        <p class="empty" role="status">
          {words.counting(countText(told.value))}
        </p>
      )}
      {value?.length === 0 && <p class="empty">{words.none}</p>}
      {value !== undefined && value.length > 0 && shown.value.length === 0 && (
        <p class="empty">{words.noneFound}</p>
      )}
      <div class="scroller" ref={scroller}>
        <Virtualizer scrollRef={scroller} data={shown.value as PersonLine[]}>
          {(person: PersonLine) => <PersonRow key={person.id} person={person} />}
        </Virtualizer>
      </div>
    </section>
  );
}

function PersonRow({ person: { id, name, messages, chats, last } }: { readonly person: PersonLine }): VNode {
  const words = say(peopleWords);
  const shared = countText(chats);
  return (
    <a class="chat-row" href={to("people", [id])}>
      <Avatar name={name} id={id} />
      <span class="private name">{name}</span>
      <span class="hint">
        {messages === 0 ? words.silent(shared) : words.count(countText(messages), shared)}
      </span>
      <span class="when">{dayText(last)}</span>
    </a>
  );
}

/** Those whose name holds a text, or begins the letters of its sounds. */
function peopleLike(people: readonly PersonLine[], wanted: string): readonly PersonLine[] {
  if (wanted === "") return people;
  return people.filter(({ name, folded }) => folded.includes(wanted) || initials(name).startsWith(wanted));
}
