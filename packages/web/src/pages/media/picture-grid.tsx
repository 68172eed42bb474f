import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Icon } from "../../parts/icons.tsx";
import { say } from "../../state/language.ts";
import { kindWords } from "../../words/kinds.ts";
import { media as mediaWords } from "../../words/pages/looking/media.ts";
import { longDayText, monthText } from "../../words/values.ts";
import type { MediaItem } from "../../worker/look/media/walk.ts";
import { monthOfItem } from "./month-of-item.ts";
import { useSmallPicture } from "./use-small-picture.ts";
import { Viewer } from "./viewer.tsx";

interface GridGiven {
  readonly items: readonly MediaItem[];
  readonly isOfAll: boolean;
  readonly onNearEnd: () => void;
  readonly foot: VNode;
}

/** A row of the grid: the name of a month, some pictures, or what stands at the end. */
type GridRow =
  | { readonly key: string; readonly month: string }
  | { readonly key: string; readonly first: number; readonly items: readonly MediaItem[] }
  | { readonly key: "foot" };

const CELL_PX = 128;
const NEAR_ROWS = 6;

/** Pictures and films by month. Only the rows that are seen exist, and only their pictures are opened. */
export function PictureGrid({ items, isOfAll, onNearEnd, foot }: GridGiven): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const columns = useSignal(4);
  const shown = useSignal<number | undefined>(undefined);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      columns.value = Math.max(2, Math.floor((entry?.contentRect.width ?? 0) / CELL_PX));
    });
    watcher.observe(scroller.current!);
    return () => watcher.disconnect();
  }, []);
  const rows = rowsOf(items, columns.value);
  const watch = (): void => {
    const handle = list.current;
    if (handle === null) return;
    if (handle.findItemIndex(handle.scrollOffset + handle.viewportSize) > rows.length - NEAR_ROWS)
      onNearEnd();
  };
  return (
    <div class="scroller" ref={scroller} data-columns={columns.value}>
      <Virtualizer ref={list} scrollRef={scroller} data={rows as GridRow[]} onScroll={watch}>
        {(row: GridRow) => {
          if ("month" in row) return <h2 key={row.key}>{row.month}</h2>;
          if (!("items" in row)) return <div key={row.key}>{foot}</div>;
          return (
            <div key={row.key} class="tiles">
              {row.items.map((item, i) => (
                <Tile
                  key={`${item.collection} ${item.key} ${i}`}
                  item={item}
                  onOpen={() => (shown.value = row.first + i)}
                />
              ))}
            </div>
          );
        }}
      </Virtualizer>
      {shown.value !== undefined && items[shown.value] !== undefined && (
        <Viewer
          items={items}
          at={shown.value}
          isOfAll={isOfAll}
          onGo={(to) => {
            shown.value = to;
            if (to > items.length - 10) onNearEnd();
          }}
          onClose={() => (shown.value = undefined)}
        />
      )}
    </div>
  );
}

function rowsOf(items: readonly MediaItem[], columns: number): GridRow[] {
  const rows: GridRow[] = [];
  let month: string | undefined;
  for (let first = 0; first < items.length;) {
    const its = monthOfItem(items[first]!);
    if (its !== month) rows.push({ key: `month ${its}`, month: titleOf(items[first]!) });
    month = its;
    let end = first + 1;
    while (end < items.length && end - first < columns && monthOfItem(items[end]!) === its) end++;
    rows.push({ key: `row ${first}`, first, items: items.slice(first, end) });
    first = end;
  }
  return [...rows, { key: "foot" }];
}

function titleOf({ sent, hasTime }: MediaItem): string {
  if (!hasTime) return say(mediaWords).untold;
  const date = new Date(sent);
  return monthText(date.getFullYear(), date.getMonth());
}

function Tile({ item, onOpen }: { readonly item: MediaItem; readonly onOpen: () => void }): VNode {
  const words = say(mediaWords);
  const { main, thumb, kind, sent, author } = item;
  const picture = useSmallPicture(item);
  const isFilm = kind === "video" || kind === "roundVideo";
  const isThere = main?.state === "present";
  const state = isThere ? "" : (say(kindWords).states[main?.state ?? "missing"] ?? "");
  const name = [words.kinds[kind] ?? "", longDayText(sent), words.from(author), state];
  return (
    <button
      type="button"
      class="bare tile private"
      aria-label={name.filter((part) => part !== "").join(", ")}
      onClick={onOpen}
    >
      {picture.value === undefined ? <Icon name="media" /> : <img src={picture.value} alt="" />}
      {isFilm && <span class="badge">▶</span>}
      {!isThere && <span class="badge state">{thumb === undefined ? state : say(kindWords).thumbOnly}</span>}
    </button>
  );
}
