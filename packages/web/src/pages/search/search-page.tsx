import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { go, route, to } from "../../state/route.ts";
import { shownTitle } from "../../words/names.ts";
import { search as searchWords } from "../../words/pages/search.ts";
import { countText, dayText } from "../../words/values.ts";
import type { ChatLine } from "../../worker/look/chats.ts";
import type { Found, Hit } from "../../worker/look/search.ts";

const PAUSE_MS = 120;

/** Finds a text in the whole history while it is typed. */
export function SearchPage(): VNode {
  const words = say(searchWords);
  const { text = "" } = route.value.query;
  const found = useSignal<Found | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const chats = useLoaded(() => desk.chats.list(), []);
  useEffect(() => {
    if (text === "") {
      found.value = undefined;
      return;
    }
    let isGone = false;
    const timer = setTimeout(() => {
      desk.search.find({ text }).then(
        (hits) => {
          if (!isGone) [found.value, error.value] = [hits, undefined];
        },
        (problem: unknown) => {
          if (!isGone) error.value = problem;
        },
      );
    }, PAUSE_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [text]);
  return (
    <section class="page search-page">
      <h1>{words.title}</h1>
      <input
        type="search"
        class="wide"
        aria-label={words.title}
        placeholder={words.placeholder}
        value={text}
        autofocus
        onInput={({ currentTarget: { value } }) =>
          go(to("search", [], value === "" ? {} : { text: value }), true)
        }
      />
      <Problem error={error.value ?? chats.value.error} />
      <p class="hint" role="status">
        {text !== "" && found.value !== undefined && words.found(countText(found.value.hits.length))}
      </p>
      {text !== "" && found.value !== undefined && (
        <Hits hits={found.value.hits} chats={chats.value.value ?? []} />
      )}
    </section>
  );
}

/** What was found, by chat, that with the newest first. */
function Hits({
  hits,
  chats,
}: {
  readonly hits: readonly Hit[];
  readonly chats: readonly ChatLine[];
}): VNode {
  const titles = new Map(chats.map(({ collection, title }) => [collection, title]));
  const groups = [...Map.groupBy(hits, ({ collection }) => collection)];
  return (
    <>
      {groups.map(([collection, own]) => (
        <section class="hits" key={collection}>
          <h2 class="private">
            {shownTitle(titles.get(collection) ?? "")} <span class="hint">{countText(own.length)}</span>
          </h2>
          <ul>
            {own.slice(0, MOST_OF_CHAT).map((hit) => (
              <li key={hit.key}>
                <a href={to("chats", [collection], { at: hit.key })}>
                  <span class="private">
                    <Marked hit={hit} />
                  </span>
                  <span class="when">{dayText(hit.sent)}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

const MOST_OF_CHAT = 20;
const AROUND = 40;

/** The text around a match, with the match marked. */
function Marked({ hit: { text, start, length } }: { readonly hit: Hit }): VNode {
  const from = Math.max(0, start - AROUND);
  const until = start + length + 2 * AROUND;
  return (
    <>
      {from > 0 && "…"}
      {text.slice(from, start)}
      <mark>{text.slice(start, start + length)}</mark>
      {text.slice(start + length, until)}
      {until < text.length && "…"}
    </>
  );
}
