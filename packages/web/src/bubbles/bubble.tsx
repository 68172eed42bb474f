import { isTakenBack, type Message, type Reply } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { nameIn } from "../words/names.ts";
import type { ChatOpened } from "../worker/look/timeline.ts";
import { Content } from "./content.tsx";
import { ownFiles } from "./given.ts";
import { happeningText } from "./happening.ts";

interface MessageGiven {
  readonly message: Message;
  readonly chat: ChatOpened;
  /** Of who said it. */
  readonly name: string;
}

/** What a message says, with what it answers and what became of it. */
export function Bubble({ message, chat, name }: MessageGiven): VNode {
  const words = say(kindWords);
  if (isTakenBack(message)) return <p class="system-text private">{words.takenBack(name)}</p>;
  if (message.kind === "system") return <p class="system-text private">{happeningText(message, chat)}</p>;
  return (
    <>
      <ForwardedFrom message={message} />
      {message.reply !== undefined && <Quote reply={message.reply} chat={chat} />}
      <Consented isNeeded={message.ephemeral?.viewOnce === true}>
        {() => <Content message={message} attachments={filesFor(message)} chat={chat} name={name} />}
      </Consented>
      <Reactions message={message} />
      {message.editedAt !== undefined && <span class="hint">{words.edited}</span>}
      {message.deletion?.state === "deletedLocally" && <p class="hint">{words.gone}</p>}
    </>
  );
}

/** A bundle's items name files by their place in the whole message; others show their own. */
function filesFor(message: Message): ReturnType<typeof ownFiles> {
  return message.kind === "forwardBundle" ? (message.attachments ?? []) : ownFiles(message);
}

/** What was meant to be seen once is shown by a step of its own. */
function Consented(given: { readonly isNeeded: boolean; readonly children: () => VNode }): VNode {
  const words = say(kindWords);
  const isGiven = useSignal(!given.isNeeded);
  if (isGiven.value) return given.children();
  return (
    <p class="hint">
      {words.viewOnce}{" "}
      <button type="button" class="plain small" onClick={() => (isGiven.value = true)}>
        {words.showAnyway}
      </button>
    </p>
  );
}

function ForwardedFrom({ message: { forward } }: { readonly message: Message }): VNode | null {
  const words = say(kindWords);
  if (forward === undefined) return null;
  return (
    <p class="hint">
      {forward.fromName === undefined ? words.forwardedUnknown : words.forwarded(forward.fromName)}
    </p>
  );
}

function Quote({ reply, chat }: { readonly reply: Reply; readonly chat: ChatOpened }): VNode | null {
  const { snapshot } = reply;
  if (snapshot === undefined) return null;
  const { author, authorName, text, kind } = snapshot;
  return (
    <blockquote class="quote">
      <span class="author">{authorName ?? (author === undefined ? "" : nameIn(chat.accounts, author))}</span>
      <span>{text ?? (kind === undefined ? "…" : `[${kind}]`)}</span>
    </blockquote>
  );
}

function Reactions({ message: { reactions } }: { readonly message: Message }): VNode | null {
  if (reactions === undefined || reactions.length === 0) return null;
  return (
    <p class="reactions">
      {reactions.map(({ key, type, count, by }) => (
        <span key={key}>
          {type === undefined || type === "emoji" ? key : "☆"} {count ?? by?.length ?? 1}
        </span>
      ))}
    </p>
  );
}
