import { useComputed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { VList, type VListHandle } from "virtua";
import { Icon } from "../../parts/icons.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { look } from "../../state/look.ts";
import { route, to } from "../../state/route.ts";
import { LineWindow } from "./window.ts";
import { chats as chatWords } from "../../words/pages/chats.ts";
import { frame } from "../../words/frame.ts";
import { titleOf } from "../../words/names.ts";
import type { At, ChatOpened, Line } from "../../worker/look/timeline.ts";
import { LineRow } from "../../bubbles/line-row.tsx";
import { HitBar } from "../search/hit-bar.tsx";
import { DatePick } from "./date-pick.tsx";
import { monthAt } from "./months.ts";
import { PlainPages } from "./plain-pages.tsx";
import { Scrubber } from "./scrubber.tsx";

/** A chat as it is read: a window onto its messages, or pages of them. */
export function TimelineView({ collection }: { readonly collection: string }): VNode {
  const words = say(chatWords);
  const opened = useLoaded(() => desk.timeline.open(collection), [collection]);
  const { value: chat, error } = opened.value;
  const { at, on } = route.value.query;
  const place = useSignal<At>(askedFor(at, on));
  const here = useSignal<number | undefined>(undefined);
  useEffect(() => {
    place.value = askedFor(at, on);
  }, [collection, at, on]);
  const go = (timeMs: number): void => {
    place.value = { timeMs };
  };
  return (
    <section class="timeline" aria-label={chat === undefined ? words.title : titleOf(chat)}>
      <header>
        <a class="back" href={to("chats")} aria-label={words.back}>
          <Icon name="back" />
        </a>
        <h1 class="private">{chat === undefined ? "" : titleOf(chat)}</h1>
        <a class="to-media" href={to("media", [collection])} aria-label={words.media}>
          <Icon name="media" />
        </a>
        {chat !== undefined && <DatePick first={chat.first} last={chat.last} onPick={go} />}
      </header>
      <HitBar collection={collection} />
      <Problem error={error} />
      {chat === undefined ? (
        <p class="empty">{say(frame).loading}</p>
      ) : (
        <div class="reading">
          {look.value.reading === "pages" ? (
            <PlainPages chat={chat} place={place} found={at} here={here} />
          ) : (
            <Lines chat={chat} place={place} found={at} here={here} />
          )}
          <Scrubber collection={collection} messages={chat.messages} here={here} onPick={go} />
        </div>
      )}
    </section>
  );
}

/** Where an address leads in a chat: to a line, to a moment, or to its end. */
function askedFor(at: string | undefined, on: string | undefined): At {
  if (at !== undefined) return { key: at };
  return on === undefined || !Number.isFinite(Number(on)) ? "end" : { timeMs: Number(on) };
}

function windowOnto(collection: string): LineWindow {
  return new LineWindow({
    around: (at, count) => desk.timeline.around(collection, at, count),
    before: (key, count) => desk.timeline.before(collection, key, count),
    after: (key, count) => desk.timeline.after(collection, key, count),
  });
}

/** How many lines from an end more are read, and how long after the last movement what is far away is let go. */
const NEAR_LINES = 60;
const REST_MS = 800;

/** Of a line that is less than this below the upper edge, too little is seen for it to be what is read. */
const READ_PX = 32;

/** Where in the window what was asked for stands. */
function alignOf(asked: At): "start" | "center" | "end" {
  if (asked === "end") return "end";
  return "key" in asked ? "center" : "start";
}

interface LinesGiven {
  readonly chat: ChatOpened;
  readonly place: ReadonlySignal<At>;
  /** Told of the month of what is seen. */
  readonly here: Signal<number | undefined>;
  /** The line that was searched for. */
  readonly found: string | undefined;
}

function Lines({ chat, place: asked, found, here }: LinesGiven): VNode {
  const words = say(chatWords);
  const { collection } = chat;
  const lines = useMemo(() => windowOnto(collection), [collection]);
  const failed = useSignal<unknown>(undefined);
  useEffect(() => {
    lines.show(asked.value).catch((problem: unknown) => (failed.value = problem));
  }, [lines, asked.value]);
  const list = useRef<VListHandle>(null);
  const rest = useRef(0);
  const state = lines.state.value;
  const place = useComputed(() => lines.state.value.place);
  useLayoutEffect(() => {
    if (state.lines.length > 0) list.current?.scrollToIndex(state.target, { align: alignOf(asked.value) });
  }, [place.value]);
  const watch = (): void => {
    const handle = list.current;
    if (handle === null) return;
    const first = handle.findItemIndex(handle.scrollOffset);
    const read = handle.findItemIndex(handle.scrollOffset + READ_PX);
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    const { lines: all } = lines.state.value;
    const count = all.length;
    const seen = all[read]?.message.time;
    if (seen !== undefined && seen.precision !== "none") here.value = monthAt(seen.sent);
    if (first < NEAR_LINES) void lines.growUp();
    if (last > count - NEAR_LINES) void lines.growDown();
    clearTimeout(rest.current);
    rest.current = setTimeout(() => lines.rest(first, last), REST_MS) as unknown as number;
  };
  useEffect(() => watch(), [state]);
  if (failed.value !== undefined) return <Problem error={failed.value} />;
  if (state.place > 0 && state.lines.length === 0) return <p class="empty">{words.noMessages}</p>;
  return (
    <VList
      ref={list}
      class="lines"
      shift={state.isAtTop}
      data={state.lines as Line[]}
      onScroll={watch}
      role="feed"
      aria-label={titleOf(chat)}
      tabIndex={0}
    >
      {(line: Line) => <LineRow key={line.key} line={line} chat={chat} isFound={line.key === found} />}
    </VList>
  );
}
