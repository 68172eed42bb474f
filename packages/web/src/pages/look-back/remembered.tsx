import type { Attachment } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { kindWords } from "../../words/kinds.ts";
import { shownTitle } from "../../words/names.ts";
import { rememberedWords } from "../../words/pages/looking/remembered.ts";
import { countText } from "../../words/values.ts";
import type { Remembered } from "../../worker/look/days/this-day.ts";

interface RememberedGiven {
  readonly remembered: Remembered;
  /** Of its heading. */
  readonly level: 2 | 3;
}

/** A day of an earlier year: where most was said, how it began, and a few pictures. */
export function RememberedCard({ remembered, level }: RememberedGiven): VNode {
  const words = say(rememberedWords);
  const { year, collection, title, messages, sent, lines, pictures } = remembered;
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <article class="card remembered">
      <Heading>
        {words.inYear(year)} <span class="hint">{words.ago(new Date().getFullYear() - year)}</span>
      </Heading>
      <p class="hint">
        <span class="private">{shownTitle(title)}</span> · {words.said(countText(messages))}
      </p>
      <ul class="plain-list">
        {lines.map(({ author, isOwn, text }, i) => (
          <li key={i} class="private">
            <span class="author">{isOwn ? words.you : author}</span> <span class="said-then">{text}</span>
          </li>
        ))}
      </ul>
      {pictures.length > 0 && (
        <div class="tiles">
          {pictures.map((picture) => (
            <Small key={picture.sha256} collection={collection} picture={picture} />
          ))}
        </div>
      )}
      <p>
        <a class="button plain" href={to("chats", [collection], { on: String(sent) })}>
          {words.toChat}
        </a>
      </p>
    </article>
  );
}

interface SmallGiven {
  readonly collection: string;
  readonly picture: Attachment;
}

function Small({ collection, picture: { sha256 } }: SmallGiven): VNode | null {
  const url = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (sha256 === undefined) return;
    let made: string | undefined;
    let isGone = false;
    desk.media.picture(collection, sha256).then(
      (blob) => {
        if (!isGone && blob !== undefined) url.value = made = URL.createObjectURL(blob);
      },
      // A memory does without its picture.
      () => undefined,
    );
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [collection, sha256]);
  return url.value === undefined ? null : (
    <img class="tile private" src={url.value} alt={say(kindWords).picture} />
  );
}
