import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { LineRow } from "../../bubbles/line-row.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { chats as chatWords } from "../../words/pages/chats.ts";
import { countText, longDayText } from "../../words/values.ts";
import type { At, ChatOpened, Stretch } from "../../worker/look/timeline.ts";
import { monthAt } from "./months.ts";

const PAGE = 100;

interface PlainGiven {
  readonly chat: ChatOpened;
  readonly place: ReadonlySignal<At>;
  readonly found: string | undefined;
  /** Told of the month of what is seen. */
  readonly here: Signal<number | undefined>;
}

/** A chat as pages of a hundred messages, all of which are there at once: for screen readers, and for who likes pages. */
export function PlainPages({ chat, place, found, here }: PlainGiven): VNode {
  const words = say(chatWords);
  const { collection } = chat;
  const stretch = useSignal<Stretch | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const top = useRef<HTMLParagraphElement>(null);
  const show = (read: Promise<Stretch>, isTurned = true): void => {
    read.then(
      (read) => {
        stretch.value = read;
        const seen = read.lines[0]?.message.time;
        if (seen !== undefined && seen.precision !== "none") here.value = monthAt(seen.sent);
        if (isTurned) requestAnimationFrame(() => top.current?.focus());
      },
      (problem: unknown) => (error.value = problem),
    );
  };
  useEffect(() => show(pageAt(collection, place.value), false), [collection, place.value]);
  if (stretch.value === undefined) return <Problem error={error.value} />;
  const { lines, isStart, isEnd } = stretch.value;
  if (lines.length === 0) return <p class="empty">{words.noMessages}</p>;
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const turning = (
    <div class="actions">
      <button
        type="button"
        disabled={isStart}
        onClick={() => show(desk.timeline.before(collection, first.key, PAGE))}
      >
        {words.earlier}
      </button>
      <button
        type="button"
        disabled={isEnd}
        onClick={() => show(desk.timeline.after(collection, last.key, PAGE))}
      >
        {words.later}
      </button>
      <button type="button" class="plain" disabled={isEnd} onClick={() => show(pageAt(collection, "end"))}>
        {words.newest}
      </button>
    </div>
  );
  return (
    <div class="lines plain-lines">
      <Problem error={error.value} />
      <p ref={top} tabIndex={-1} class="hint">
        {words.pageFrom(
          countText(lines.length),
          longDayText(first.message.time.sent),
          longDayText(last.message.time.sent),
        )}
      </p>
      {turning}
      {lines.map((line, i) => (
        <LineRow
          key={line.key}
          line={i === 0 ? { ...line, startsDay: true, startsTurn: true } : line}
          chat={chat}
          isFound={line.key === found}
        />
      ))}
      {turning}
    </div>
  );
}

async function pageAt(collection: string, at: At): Promise<Stretch> {
  const newest = { before: PAGE, after: 0 };
  if (at === "end") return desk.timeline.around(collection, at, newest);
  const page = await desk.timeline.around(collection, at, { before: 0, after: PAGE });
  return page.lines.length === 0 ? desk.timeline.around(collection, "end", newest) : page;
}
