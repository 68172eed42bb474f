import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useFolded, useLoaded } from "../../../state/loaded.ts";
import { shownTitle } from "../../../words/names.ts";
import { windowWords } from "../../../words/plan/window.ts";
import { countText } from "../../../words/values.ts";
import type { ChatLine } from "../../../worker/look/chats.ts";

/** So many are listed; the others are found by their names. */
const MOST_LISTED = 100;

interface ChosenGiven {
  /** So many may be chosen. */
  readonly most: number;
  /** By id. */
  readonly chosen: readonly string[];
  readonly onChoose: (chats: readonly string[]) => void;
}

/** The chats that are kept for ever. */
export function Chosen({ most, chosen, onChoose }: ChosenGiven): VNode {
  const words = say(windowWords);
  // Where an earlier plan kept some, the list stays while they are taken away.
  const hadSome = useSignal(chosen.length > 0).value;
  if (most === 0 && !hadSome) return <p>{words.keepNone}</p>;
  const count = countText(chosen.length);
  return (
    <section class="card" aria-label={words.keep}>
      <h2>{words.keep}</h2>
      <p>{most === 0 ? words.keepNone : words.keepWhy(countText(most))}</p>
      <List most={most} chosen={chosen} onChoose={onChoose} />
      <p role="status" class={chosen.length > most ? "care" : "hint"}>
        {chosen.length > most ? words.tooMany(count, countText(most)) : words.chosen(count, countText(most))}
      </p>
    </section>
  );
}

/** Those that are chosen come first, and stay where they are while others are. */
function List({ most, chosen, onChoose }: ChosenGiven): VNode {
  const words = say(windowWords);
  const first = useSignal(chosen).value;
  const wanted = useSignal("");
  const folded = useFolded(wanted);
  const { value = [], error } = useLoaded(() => desk.chats.list(), []).value;
  const all = [...value, ...unlisted(first, value)].toSorted(
    (a, b) => Number(first.includes(b.id)) - Number(first.includes(a.id)),
  );
  const found = all.filter((chat) => chat.folded.includes(folded.value));
  const isFull = chosen.length >= most;
  const set = (id: string, isChosen: boolean): void =>
    onChoose(isChosen ? [...chosen, id] : chosen.filter((each) => each !== id));
  return (
    <>
      <Problem error={error} />
      <input
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
      <fieldset class="chooser">
        <legend class="unseen">{words.keep}</legend>
        {found.slice(0, MOST_LISTED).map(({ id, title }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              disabled={isFull && !chosen.includes(id)}
              onChange={(event) => set(id, event.currentTarget.checked)}
            />
            <span class="private">{shownTitle(title)}</span>
          </label>
        ))}
      </fieldset>
      {value.length > 0 && found.length === 0 && <p class="hint">{words.noneFound}</p>}
      {found.length > MOST_LISTED && <p class="hint">{words.more(countText(found.length - MOST_LISTED))}</p>}
    </>
  );
}

/** Chosen ones that only earlier versions have. */
function unlisted(
  chosen: readonly string[],
  listed: readonly ChatLine[],
): readonly Pick<ChatLine, "id" | "title" | "folded">[] {
  return chosen
    .filter((id) => !listed.some((chat) => chat.id === id))
    .map((id) => ({ id, title: id, folded: id.toLowerCase() }));
}
