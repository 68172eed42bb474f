import { useComputed, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { VList, type VListHandle } from "virtua";
import { Icon } from "../../parts/icons.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { route, to } from "../../state/route.ts";
import { LineWindow } from "./window.ts";
import { chats as chatWords } from "../../words/pages/chats.ts";
import { frame } from "../../words/frame.ts";
import { titleOf } from "../../words/names.ts";
import type { At, ChatOpened, Line } from "../../worker/look/timeline.ts";
import { LineRow } from "../../bubbles/line-row.tsx";
import { HitBar } from "../search/hit-bar.tsx";
import { DatePick } from "./date-pick.tsx";

/** A chat as it is read: a window onto its messages. */
export function TimelineView({ collection }: { readonly collection: string }): VNode {
  const words = say(chatWords);
  const opened = useLoaded(() => desk.timeline.open(collection), [collection]);
  const { value: chat, error } = opened.value;
  const lines = useMemo(() => windowOnto(collection), [collection]);
  const { at } = route.value.query;
  const failed = useSignal<unknown>(undefined);
  const show = (place: At): void => {
    lines.show(place).catch((problem: unknown) => (failed.value = problem));
  };
  useEffect(() => show(at === undefined ? "end" : { key: at }), [collection, at]);
  return (
    <section class="timeline" aria-label={chat === undefined ? words.title : titleOf(chat)}>
      <header>
        <a class="back" href={to("chats")} aria-label={words.back}>
          <Icon name="back" />
        </a>
        <h1 class="private">{chat === undefined ? "" : titleOf(chat)}</h1>
        {chat !== undefined && (
          <DatePick first={chat.first} last={chat.last} onPick={(timeMs) => show({ timeMs })} />
        )}
      </header>
      <HitBar collection={collection} />
      <Problem error={error ?? failed.value} />
      {chat === undefined ? (
        <p class="empty">{say(frame).loading}</p>
      ) : (
        <Lines chat={chat} lines={lines} found={at} />
      )}
    </section>
  );
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

interface LinesGiven {
  readonly chat: ChatOpened;
  readonly lines: LineWindow;
  /** The line that was searched for. */
  readonly found: string | undefined;
}

function Lines({ chat, lines, found }: LinesGiven): VNode {
  const words = say(chatWords);
  const list = useRef<VListHandle>(null);
  const rest = useRef(0);
  const state = lines.state.value;
  const place = useComputed(() => lines.state.value.place);
  useLayoutEffect(() => {
    if (state.lines.length > 0)
      list.current?.scrollToIndex(state.target, { align: found === undefined ? "end" : "center" });
  }, [place.value]);
  const look = (): void => {
    const handle = list.current;
    if (handle === null) return;
    const first = handle.findItemIndex(handle.scrollOffset);
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    const count = lines.state.value.lines.length;
    if (first < NEAR_LINES) void lines.growUp();
    if (last > count - NEAR_LINES) void lines.growDown();
    clearTimeout(rest.current);
    rest.current = setTimeout(() => lines.rest(first, last), REST_MS) as unknown as number;
  };
  useEffect(() => look(), [state]);
  if (state.place > 0 && state.lines.length === 0) return <p class="empty">{words.noMessages}</p>;
  return (
    <VList
      ref={list}
      class="lines"
      shift={state.isAtTop}
      data={state.lines as Line[]}
      onScroll={look}
      role="feed"
      aria-label={titleOf(chat)}
      tabIndex={0}
    >
      {(line: Line) => <LineRow key={line.key} line={line} chat={chat} isFound={line.key === found} />}
    </VList>
  );
}
