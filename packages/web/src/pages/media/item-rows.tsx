import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Outside } from "../../bubbles/body.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Problem } from "../../parts/problem.tsx";
import { SaveFile } from "../../parts/save-file.tsx";
import { useFile } from "../../parts/use-file.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { kindWords } from "../../words/kinds.ts";
import { shownTitle } from "../../words/names.ts";
import { media as mediaWords } from "../../words/pages/looking/media.ts";
import { longDayText, sizeText } from "../../words/values.ts";
import type { MediaTab } from "../../worker/look/media/items.ts";
import type { MediaItem } from "../../worker/look/media/walk.ts";

interface RowsGiven {
  readonly tab: MediaTab;
  readonly items: readonly MediaItem[];
  readonly isOfAll: boolean;
  readonly onNearEnd: () => void;
  readonly foot: VNode;
}

const NEAR_ROWS = 20;

/** Files, links or voices, one a row. */
export function ItemRows({ tab, items, isOfAll, onNearEnd, foot }: RowsGiven): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const watch = (): void => {
    const handle = list.current;
    if (handle === null) return;
    if (handle.findItemIndex(handle.scrollOffset + handle.viewportSize) > items.length - NEAR_ROWS)
      onNearEnd();
  };
  const What = tab === "files" ? FileSent : tab === "links" ? LinkSent : VoiceSent;
  return (
    <div class="scroller" ref={scroller}>
      <Virtualizer ref={list} scrollRef={scroller} data={[...items, undefined]} onScroll={watch}>
        {(item: MediaItem | undefined, i: number) =>
          item === undefined ? (
            <div key="foot">{foot}</div>
          ) : (
            <article key={`${item.collection} ${item.key} ${i}`} class="item-row">
              <What item={item} />
              <p class="hint">
                <span class="private">
                  {item.isOwn ? say(mediaWords).you : item.author}
                  {isOfAll && ` · ${shownTitle(item.chatTitle)}`}
                </span>
                {item.hasTime && ` · ${longDayText(item.sent)} `}
                <a href={to("chats", [item.collection], { at: item.key })}>{say(mediaWords).toMessage}</a>
              </p>
            </article>
          )
        }
      </Virtualizer>
    </div>
  );
}

interface ItemGiven {
  readonly item: MediaItem;
}

function FileSent({ item }: ItemGiven): VNode {
  const { main } = item;
  const { noName, states } = say(kindWords);
  return (
    <div class="file">
      <Icon name="file" />
      <span class="file-name private">{main?.fileName ?? noName}</span>
      <span class="hint">
        {main?.sizeBytes !== undefined && sizeText(main.sizeBytes)} {states[main?.state ?? "missing"]}
      </span>
      <SaveFile collection={item.collection} attachment={item.main} />
    </div>
  );
}

/** An address as text, with the host that it leads to said by itself: what looks like one place may be another. */
function LinkSent({ item: { link } }: ItemGiven): VNode {
  const words = say(mediaWords);
  const { url = "", title } = link ?? {};
  const host = URL.parse(url)?.host ?? "";
  return (
    <div class="link-sent">
      <p class="card-title private">{title ?? url}</p>
      {title !== undefined && <p class="card-text private">{url}</p>}
      <p>
        <Outside href={url}>{words.leads(host)}</Outside>
      </p>
    </div>
  );
}

const speeds = [1, 1.25, 1.5, 2] as const;

function VoiceSent({ item: { main, collection } }: ItemGiven): VNode {
  const words = say(kindWords);
  const isAsked = useSignal(false);
  const speed = useSignal(1);
  const player = useRef<HTMLAudioElement>(null);
  const { url, error } = useFile(collection, isAsked.value ? main : undefined).value;
  useEffect(() => {
    if (player.current !== null) player.current.playbackRate = speed.value;
  }, [url, speed.value]);
  if (main?.state !== "present") return <p class="hint">{words.states[main?.state ?? "missing"]}</p>;
  const seconds = main.durationMs === undefined ? undefined : Math.max(1, Math.round(main.durationMs / 1000));
  return (
    <div class="sound">
      {url === undefined ? (
        <button type="button" disabled={isAsked.value} onClick={() => (isAsked.value = true)}>
          ▶ {words.play} {seconds !== undefined && words.seconds(seconds)}
        </button>
      ) : (
        <>
          <audio ref={player} src={url} controls autoplay />
          <label class="speed">
            {say(mediaWords).speed}{" "}
            <select onChange={({ currentTarget: { value } }) => (speed.value = Number(value))}>
              {speeds.map((each) => (
                <option key={each} value={each} selected={each === speed.value}>
                  {each}×
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <Problem error={error} />
      {main.transcript !== undefined && <p class="text private">{main.transcript}</p>}
    </div>
  );
}
