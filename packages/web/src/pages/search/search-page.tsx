import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { route } from "../../state/route.ts";
import { frame } from "../../words/frame.ts";
import { shownTitle } from "../../words/names.ts";
import { search as searchWords } from "../../words/pages/search.ts";
import { countText, dayText, shareText } from "../../words/values.ts";
import type { Hit } from "../../worker/look/search.ts";
import { Filters } from "./filters.tsx";
import { ask, find, found, placeOf, readOn, searched, unread } from "./found.ts";

const PAUSE_MS = 120;
/** While the history is read, it is asked again whenever so many hundredths more are there. */
const STEP = 5;

/** Finds a text in the whole history while it is typed, and while the history is still read. */
export function SearchPage(): VNode {
  const words = say(searchWords);
  const { query } = route.value;
  const { text = "" } = query;
  const error = useSignal<unknown>(undefined);
  const chats = useLoaded(() => desk.chats.list(), []);
  const share = searched.value;
  useEffect(() => void readOn(), []);
  const step = share === 1 ? 100 : Math.floor((share * 100) / STEP);
  useEffect(() => {
    const timer = setTimeout(() => {
      find(query).then(
        () => (error.value = undefined),
        (problem: unknown) => (error.value = problem),
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [JSON.stringify(query), step]);
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
        onInput={({ currentTarget: { value } }) => ask({ ...route.value.query, text: value })}
      />
      <Filters />
      <Problem error={error.value ?? chats.value.error} />
      <Told />
      {text !== "" && found.value !== undefined && (
        <Hits
          hits={found.value.hits}
          titles={new Map((chats.value.value ?? []).map(({ collection, title }) => [collection, title]))}
        />
      )}
    </section>
  );
}

/** How much was found, and in how much of the history. */
function Told(): VNode {
  const words = say(searchWords);
  const isAsked = (route.value.query["text"] ?? "") !== "";
  const { value: now } = found;
  return (
    <>
      <p class="hint" role="status">
        {isAsked && now !== undefined && words.found(countText(now.hits.length), now.isCut)}
        {isAsked && now !== undefined && searched.value < 1 && " · "}
        {isAsked && searched.value < 1 && words.soFar(shareText(searched.value))}
      </p>
      {unread.value !== undefined && (
        <>
          <Problem error={unread.value} />
          <p>
            {words.stopped}{" "}
            <button type="button" class="plain small" onClick={() => void readOn()}>
              {say(frame).again}
            </button>
          </p>
        </>
      )}
    </>
  );
}

interface HitsGiven {
  readonly hits: readonly Hit[];
  readonly titles: ReadonlyMap<string, string>;
}

/** What was found, by chat, that with the newest first. */
function Hits({ hits, titles }: HitsGiven): VNode {
  const groups = [...Map.groupBy(hits, ({ collection }) => collection)];
  return (
    <>
      {groups.map(([collection, own]) => (
        <HitsOfChat key={collection} title={shownTitle(titles.get(collection) ?? "")} hits={own} />
      ))}
    </>
  );
}

const MOST_AT_FIRST = 20;

function HitsOfChat({ title, hits }: { readonly title: string; readonly hits: readonly Hit[] }): VNode {
  const isWhole = useSignal(false);
  const shown = isWhole.value ? hits : hits.slice(0, MOST_AT_FIRST);
  return (
    <section class="hits">
      <h2 class="private">
        {title} <span class="hint">{countText(hits.length)}</span>
      </h2>
      <ul>
        {shown.map((hit) => (
          <li key={hit.key}>
            <a href={placeOf(hit)}>
              <span class="private">
                <Marked hit={hit} />
              </span>
              <span class="when">{dayText(hit.sent)}</span>
            </a>
          </li>
        ))}
      </ul>
      {shown.length < hits.length && (
        <button type="button" class="plain small" onClick={() => (isWhole.value = true)}>
          {say(searchWords).more(countText(hits.length))}
        </button>
      )}
    </section>
  );
}

/** The text around a match, with the match marked. */
function Marked({ hit: { text, start, length } }: { readonly hit: Hit }): VNode {
  return (
    <>
      {text.slice(0, start)}
      <mark>{text.slice(start, start + length)}</mark>
      {text.slice(start + length)}
    </>
  );
}
