import type { VNode } from "preact";
import { Icon } from "../../parts/icons.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { route, to } from "../../state/route.ts";
import { shownTitle } from "../../words/names.ts";
import { media as mediaWords } from "../../words/pages/looking/media.ts";
import { monthText } from "../../words/values.ts";
import type { MediaTab } from "../../worker/look/media/items.ts";
import { ItemRows } from "./item-rows.tsx";
import { PictureGrid } from "./picture-grid.tsx";
import { useItems, type Items } from "./use-items.ts";

const tabs: readonly MediaTab[] = ["pictures", "files", "links", "voice"];

/** What was sent besides words, in one chat or in all. */
export function MediaPage(): VNode {
  const words = say(mediaWords);
  const {
    rest: [collection],
    query,
  } = route.value;
  const tab = tabs.find((each) => each === query["tab"]) ?? "pictures";
  const chats = useLoaded(() => desk.chats.list(), []);
  const chat = chats.value.value?.find((each) => each.collection === collection);
  const items = useItems(collection, tab);
  return (
    <section class="media-page">
      <header>
        {collection !== undefined && (
          <a class="back-to" href={to("chats", [collection])} aria-label={words.toChat}>
            <Icon name="back" />
          </a>
        )}
        <h1 class={chat === undefined ? undefined : "private"}>
          {chat === undefined ? words.title : words.of(shownTitle(chat.title))}
        </h1>
        <nav class="tabs" aria-label={words.title}>
          {tabs.map((each) => (
            <a
              key={each}
              href={to("media", collection === undefined ? [] : [collection], { tab: each })}
              aria-current={each === tab ? "page" : undefined}
            >
              {words.tabs[each]}
            </a>
          ))}
        </nav>
      </header>
      <Problem error={items.state.value.error} />
      <Found key={`${collection} ${tab}`} tab={tab} items={items} isOfAll={collection === undefined} />
    </section>
  );
}

interface FoundGiven {
  readonly tab: MediaTab;
  readonly items: Items;
  readonly isOfAll: boolean;
}

function Found({ tab, items, isOfAll }: FoundGiven): VNode {
  const { items: all } = items.state.value;
  const foot = <Foot tab={tab} items={items} />;
  return tab === "pictures" ? (
    <PictureGrid items={all} isOfAll={isOfAll} onNearEnd={items.grow} foot={foot} />
  ) : (
    <ItemRows tab={tab} items={all} isOfAll={isOfAll} onNearEnd={items.grow} foot={foot} />
  );
}

/** Says how far was looked, or that this is all. */
function Foot({ tab, items }: Pick<FoundGiven, "tab" | "items">): VNode {
  const words = say(mediaWords);
  const { items: all, isEnd, isBusy, backToMs, error } = items.state.value;
  const isWhole = isEnd && error === undefined;
  const lookedTo = new Date(backToMs ?? Date.now());
  return (
    <div class="hint foot">
      <p role="status">
        {isWhole && (all.length === 0 ? words.none[tab] : words.end)}
        {isBusy && words.looking(monthText(lookedTo.getFullYear(), lookedTo.getMonth()))}
      </p>
      {!isBusy && !isEnd && (
        <button type="button" class="plain" onClick={items.grow}>
          {words.more}
        </button>
      )}
    </div>
  );
}
