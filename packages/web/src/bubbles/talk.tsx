import type { Attachment, MessageContent } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { FunctionComponent, VNode } from "preact";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { nameIn } from "../words/names.ts";
import { clockText, longDayText } from "../words/values.ts";
import { BodyText } from "./body.tsx";
import { listOf, numberOf, textOf, type BubbleGiven } from "./given.ts";

/** An item of a bundle as it is drawn. */
type Item = MessageContent & {
  readonly time?: { readonly sent: number };
  readonly attached?: readonly number[];
};

/** Items that are told before a bundle is opened. */
const FIRST_ITEMS = 4;

/** A forwarded chat, which opens to its messages; bundles in it open likewise. */
export function Bundle(given: BubbleGiven & { readonly Inner: FunctionComponent<BubbleGiven> }): VNode {
  const { message, chat, Inner } = given;
  const words = say(kindWords);
  const isOpen = useSignal(false);
  const items = listOf(message.payload, "items") as readonly Item[];
  const title = textOf(message.payload, "title") ?? words.bundle;
  return (
    <div class="bundle">
      <p class="card-title">{title}</p>
      {isOpen.value ? (
        <ol class="bundle-items">
          {items.map((item, i) => (
            <li key={i}>
              <span class="author">
                {itemName(item, given)} {item.time !== undefined && <BundleTime sent={item.time.sent} />}
              </span>
              <Inner
                message={item}
                attachments={filesOf(item, given.attachments)}
                chat={chat}
                name={itemName(item, given)}
              />
            </li>
          ))}
        </ol>
      ) : (
        <ul class="bundle-lines">
          {items.slice(0, FIRST_ITEMS).map((item, i) => (
            <li key={i}>
              {itemName(item, given)}: {item.body?.text.slice(0, 60)}
            </li>
          ))}
          {items.length === 0 && <li>{textOf(message.payload, "summary")}</li>}
        </ul>
      )}
      <p class="card-kind">
        {words.bundleCount(items.length)}
        {items.length > 0 && (
          <button
            type="button"
            class="plain small"
            aria-expanded={isOpen.value}
            onClick={() => (isOpen.value = !isOpen.value)}
          >
            {isOpen.value ? words.bundleClose : words.bundleOpen}
          </button>
        )}
      </p>
    </div>
  );
}

function BundleTime({ sent }: { readonly sent: number }): VNode {
  return (
    <time dateTime={new Date(sent).toISOString()}>
      {longDayText(sent)} {clockText(sent)}
    </time>
  );
}

function itemName(item: Item, { chat }: BubbleGiven): string {
  return item.authorName ?? (item.author === undefined ? "" : nameIn(chat.accounts, item.author));
}

function filesOf({ attached = [] }: Item, all: readonly Attachment[]): readonly Attachment[] {
  return attached.flatMap((place) => all[place] ?? []);
}

export function Poll({ message: { payload } }: BubbleGiven): VNode {
  const words = say(kindWords);
  const options = listOf(payload, "options");
  const most = Math.max(1, ...options.map((option) => numberOf(option, "votes") ?? 0));
  return (
    <div class="poll">
      <p class="card-title">{textOf(payload, "question")}</p>
      <ul>
        {options.map((option, i) => {
          const votes = numberOf(option, "votes") ?? 0;
          return (
            <li key={i}>
              <span>{textOf(option, "text")}</span> <span class="hint">{words.votes(votes)}</span>
              <meter min={0} max={most} value={votes} aria-hidden="true" />
            </li>
          );
        })}
      </ul>
      <p class="card-kind">{words.poll}</p>
    </div>
  );
}

export function Todo({ message: { payload } }: BubbleGiven): VNode {
  return (
    <div class="todo">
      <p class="card-title">{textOf(payload, "title")}</p>
      <ul>
        {listOf(payload, "tasks").map((task, i) => (
          <li key={i}>
            {(task as { readonly done?: boolean }).done === true ? "☑" : "☐"} {textOf(task, "text")}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What we do not know how to show is kept all the same, and says so. */
export function Unknown({ message }: BubbleGiven): VNode {
  return (
    <div class="unknown">
      {message.body !== undefined && <BodyText body={message.body} />}
      <p class="card-kind">{say(kindWords).unknown}</p>
    </div>
  );
}
