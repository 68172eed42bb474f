import type { VNode } from "preact";
import { Avatar } from "../parts/avatar.tsx";
import { say } from "../state/language.ts";
import { chats as words } from "../words/pages/chats.ts";
import { nameIn } from "../words/names.ts";
import { clockText, longDayText } from "../words/values.ts";
import type { ChatOpened, Line } from "../worker/look/timeline.ts";
import { Bubble } from "./bubble.tsx";

interface LineRowGiven {
  readonly line: Line;
  readonly chat: ChatOpened;
  readonly isFound: boolean;
}

/** A message in its chat, with the day above it where it is the first one. */
export function LineRow(given: LineRowGiven): VNode {
  const { line, chat, isFound } = given;
  const { message, startsDay, startsTurn } = line;
  const side = sideOf(given);
  const classes = ["line", side, startsTurn && "first-of-turn", isFound && "found"];
  return (
    <article class={classes.filter(Boolean).join(" ")} data-key={line.key} tabIndex={-1}>
      {startsDay && message.time.precision !== "none" && (
        <h2 class="day">{longDayText(message.time.sent)}</h2>
      )}
      {side === "system" ? (
        <Bubble message={message} chat={chat} name={nameOf(given)} />
      ) : (
        <Turn {...given} isOwn={side === "own"} />
      )}
    </article>
  );
}

/** A bubble with who said it and when. */
function Turn(given: LineRowGiven & { readonly isOwn: boolean }): VNode {
  const { line, chat, isOwn } = given;
  const { message, startsTurn } = line;
  const name = nameOf(given);
  return (
    <div class="turn">
      {!isOwn && <Face name={name} id={message.author ?? name} isShown={startsTurn} />}
      <div class="said">
        {!isOwn && startsTurn && <span class="author private">{name}</span>}
        <div class="bubble private">
          <Bubble message={message} chat={chat} name={name} />
        </div>
        <Marks line={line} />
      </div>
    </div>
  );
}

function Face(given: { readonly name: string; readonly id: string; readonly isShown: boolean }): VNode {
  return given.isShown ? <Avatar name={given.name} id={given.id} /> : <span class="avatar-gap" />;
}

function Marks({ line: { message, versions } }: { readonly line: Line }): VNode {
  const { sent, precision } = message.time;
  const hasClock = precision !== "none" && precision !== "day";
  return (
    <span class="marks">
      {hasClock && <time dateTime={new Date(sent).toISOString()}>{clockText(sent)}</time>}
      {versions > 1 && <span>{say(words).versions(versions)}</span>}
    </span>
  );
}

function sideOf({ line: { message }, chat }: LineRowGiven): "system" | "own" | "other" {
  if (message.kind === "system" || message.deletion?.state === "revokedBySender") return "system";
  const isOwn = message.author !== undefined && chat.own.includes(message.author);
  return isOwn || message.direction === "out" ? "own" : "other";
}

function nameOf({ line: { message }, chat }: LineRowGiven): string {
  if (message.authorName !== undefined) return message.authorName;
  return message.author === undefined ? "" : nameIn(chat.accounts, message.author);
}
