import { useComputed, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Virtualizer } from "virtua";
import { useRef } from "preact/hooks";
import { Avatar } from "../../parts/avatar.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useFolded, useLoaded } from "../../state/loaded.ts";
import { route, to } from "../../state/route.ts";
import { countText, dayText, sizeText } from "../../words/values.ts";
import { chats as chatWords } from "../../words/pages/chats.ts";
import { shownTitle } from "../../words/names.ts";
import { frame } from "../../words/frame.ts";
import type { ChatLine } from "../../worker/look/chats.ts";
import { TimelineView } from "../timeline/timeline-view.tsx";

/** All chats beside the one that is read; on a phone, one after the other. */
export function ChatsPage(): VNode {
  const words = say(chatWords);
  const [collection] = route.value.rest;
  return (
    <div class={collection === undefined ? "split" : "split is-reading"}>
      <ChatList current={collection} />
      {collection === undefined ? (
        <p class="empty beside">{words.choose}</p>
      ) : (
        <TimelineView key={collection} collection={collection} />
      )}
    </div>
  );
}

function ChatList({ current }: { readonly current: string | undefined }): VNode {
  const words = say(chatWords);
  const chats = useLoaded(() => desk.chats.list(), []);
  const wanted = useSignal("");
  const folded = useFolded(wanted);
  const shown = useComputed(() => chatsWith(chats.value.value ?? [], folded.value));
  const scroller = useRef<HTMLDivElement>(null);
  const { value, error } = chats.value;
  return (
    <section class="chat-list" aria-label={words.title}>
      <header>
        <h1>{words.title}</h1>
        <input
          type="search"
          aria-label={words.find}
          placeholder={words.find}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
      </header>
      <Problem error={error} />
      {value === undefined && error === undefined && <p class="empty">{say(frame).loading}</p>}
      {value?.length === 0 && <p class="empty">{words.none}</p>}
      {value !== undefined && value.length > 0 && shown.value.length === 0 && (
        <p class="empty">{words.noneFound}</p>
      )}
      <div class="scroller" ref={scroller}>
        <Virtualizer scrollRef={scroller} data={shown.value as ChatLine[]}>
          {(chat: ChatLine) => (
            <ChatRow key={chat.collection} chat={chat} isCurrent={chat.collection === current} />
          )}
        </Virtualizer>
      </div>
    </section>
  );
}

function ChatRow({ chat, isCurrent }: { readonly chat: ChatLine; readonly isCurrent: boolean }): VNode {
  const words = say(chatWords);
  return (
    <a class="chat-row" href={to("chats", [chat.collection])} aria-current={isCurrent ? "true" : undefined}>
      <Avatar name={shownTitle(chat.title)} id={chat.id} />
      <span class="private name">{shownTitle(chat.title)}</span>
      <span class="hint">
        {words.count(countText(chat.messages))}
        {chat.attachmentBytes > 0 && ` · ${sizeText(chat.attachmentBytes)}`}
      </span>
      <span class="when">{dayText(chat.last)}</span>
    </a>
  );
}

function chatsWith(chats: readonly ChatLine[], wanted: string): readonly ChatLine[] {
  const found = chats.filter(({ folded }) => folded.includes(wanted));
  return found.toSorted((a, b) => Number(b.isPinned) - Number(a.isPinned));
}
