import { isTakenBack, placeholder, type Message } from "@keepsake/core/model";
import type { VNode } from "preact";
import { language, say } from "../state/language.ts";
import { chats as words } from "../words/chats.ts";
import type { ChatOpened } from "../worker/timeline.ts";

export interface BubbleGiven {
  readonly message: Message;
  readonly chat: ChatOpened;
  /** Of who said it. */
  readonly name: string;
}

/** What a message says. Everything in it is text to the page. */
export function Bubble({ message, name }: BubbleGiven): VNode {
  if (isTakenBack(message))
    return (
      <p class="system-text private">
        {name} {say(words).takenBack}
      </p>
    );
  if (message.kind === "system")
    return <p class="system-text private">{placeholder(message, language.value)}</p>;
  return <p class="text">{placeholder(message, language.value)}</p>;
}
