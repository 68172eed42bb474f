import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { go, route } from "../../state/route.ts";
import { say } from "../../state/language.ts";
import { search } from "../../words/pages/search.ts";
import { countText } from "../../words/values.ts";
import type { Hit } from "../../worker/look/search.ts";
import { found, listPlace, placeOf } from "./found.ts";
import { markFound } from "./mark.ts";

/** Over a chat in which something was found: which of the hits this is, and the way to the others. */
export function HitBar({ collection }: { readonly collection: string }): VNode | null {
  const words = say(search);
  const { at, found: isFound } = route.value.query;
  const hits = isFound === undefined ? [] : (found.value?.hits ?? []);
  const place = hits.findIndex((hit) => hit.collection === collection && hit.key === at);
  const hit = hits[place];
  useEffect(() => (hit === undefined ? undefined : markFound(hit)), [hit]);
  if (hit === undefined) return null;
  const way = (name: "newer" | "older", keys: string, other: Hit | undefined): VNode => (
    <button
      type="button"
      class={`small ${name}`}
      aria-keyshortcuts={keys}
      disabled={other === undefined}
      onClick={() => other !== undefined && go(placeOf(other), true)}
    >
      {words[name]}
    </button>
  );
  return (
    <div class="hit-bar" role="group" aria-label={words.title}>
      <a href={listPlace.value}>{words.back}</a>
      <span role="status">{words.place(countText(place + 1), countText(hits.length))}</span>
      {way("newer", "Shift+N", hits[place - 1])}
      {way("older", "N", hits[place + 1])}
    </div>
  );
}
