import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FilmPlayer } from "../../parts/film/film-player.tsx";
import { Problem } from "../../parts/problem.tsx";
import { SaveFile } from "../../parts/save-file.tsx";
import { useFile } from "../../parts/use-file.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { kindWords } from "../../words/kinds.ts";
import { shownTitle } from "../../words/names.ts";
import { media as mediaWords } from "../../words/pages/looking/media.ts";
import { clockText, countText, longDayText, sizeText } from "../../words/values.ts";
import type { MediaItem } from "../../worker/look/media/walk.ts";

interface ViewerGiven {
  readonly items: readonly MediaItem[];
  readonly at: number;
  readonly isOfAll: boolean;
  readonly onGo: (to: number) => void;
  readonly onClose: () => void;
}

/** One picture or film by itself, with the ones before and after it. */
export function Viewer({ items, at, isOfAll, onGo, onClose }: ViewerGiven): VNode {
  const words = say(mediaWords);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const item = items[at]!;
  const go = (step: 1 | -1): void => {
    if (items[at + step] !== undefined) onGo(at + step);
  };
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={words.open}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        // In a film these go back and forth in it.
        if (event.target instanceof HTMLVideoElement) return;
        event.preventDefault();
        go(event.key === "ArrowRight" ? 1 : -1);
      }}
    >
      <Shown key={`${item.collection} ${item.key} ${at}`} item={item} />
      <p class="hint" role="status">
        <span class="private">
          {item.isOwn ? words.you : item.author}
          {isOfAll && ` · ${shownTitle(item.chatTitle)}`}
        </span>
        {item.hasTime && ` · ${longDayText(item.sent)} ${clockText(item.sent)}`}
        {item.main?.sizeBytes !== undefined && ` · ${sizeText(item.main.sizeBytes)}`}
        <br />
        {words.place(countText(at + 1), countText(items.length))}
      </p>
      <div class="actions">
        <button type="button" disabled={at === 0} onClick={() => go(-1)}>
          {words.previous}
        </button>
        <button type="button" disabled={at === items.length - 1} onClick={() => go(1)}>
          {words.next}
        </button>
        <a class="button plain" href={to("chats", [item.collection], { at: item.key })}>
          {words.toMessage}
        </a>
        <SaveFile collection={item.collection} attachment={item.main} />
        <button type="button" class="plain" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </dialog>
  );
}

const films: ReadonlySet<string> = new Set(["video", "roundVideo"]);

function Shown({ item }: { readonly item: MediaItem }): VNode {
  const { collection, main, thumb, kind } = item;
  const isFilm = main?.state === "present" && films.has(kind);
  if (!isFilm) return <Still item={item} />;
  return (
    <div class="shown private">
      <FilmPlayer collection={collection} film={main} thumb={thumb} />
    </div>
  );
}

/** A picture, or what is there of a film that was not kept. */
function Still({ item: { collection, main, thumb, kind } }: { readonly item: MediaItem }): VNode {
  const words = say(mediaWords);
  const state = main?.state ?? "missing";
  const file = useFile(collection, state === "present" ? main : thumb).value;
  const isBroken = useSignal(false);
  return (
    <figure class="shown private">
      {file.isLoading && <p class="hint">…</p>}
      {file.url !== undefined && !isBroken.value && (
        <img
          src={file.url}
          alt={main?.fileName ?? words.kinds[kind] ?? ""}
          onError={() => (isBroken.value = true)}
        />
      )}
      <Problem error={file.error} />
      {isBroken.value && <p class="hint">{words.unreadable}</p>}
      <figcaption class="hint">{say(kindWords).states[state]}</figcaption>
    </figure>
  );
}
