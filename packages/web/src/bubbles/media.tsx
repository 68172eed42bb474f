import type { Attachment } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { FilmPlayer } from "../parts/film/film-player.tsx";
import { Frame } from "../parts/frame.tsx";
import { SaveFile } from "../parts/save-file.tsx";
import { useFile } from "../parts/use-file.ts";
import { Icon } from "../parts/icons.tsx";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { lengthText, sizeText } from "../words/values.ts";
import { problemText } from "../words/problems.ts";
import { mainAndThumb, type BubbleGiven } from "./given.ts";

/** Pictures that are larger are opened when they are asked for. */
const AT_ONCE_BYTES = 8 * 1024 * 1024;

/** A picture, an animation or a sticker: the small one first where the other is large. */
export function Picture({ attachments, chat, message }: BubbleGiven): VNode {
  const words = say(kindWords);
  const isAsked = useSignal(false);
  const isBroken = useSignal(false);
  const { main, first } = picturesOf(attachments);
  const file = useFile(chat.collection, isAsked.value ? main : first).value;
  if (isBroken.value) return <AnyFile message={message} attachments={attachments} chat={chat} name="" />;
  if (file.url === undefined)
    return file.isLoading ? <Frame of={first} /> : <Missing attachment={main} error={file.error} />;
  const isSticker = message.kind === "sticker";
  const name = isSticker ? words.sticker : words.picture;
  const look = (): void => {
    if (isAsked.value || main === first) open(file.url, "_blank", "noopener");
    else isAsked.value = true;
  };
  return (
    <figure class={isSticker ? "picture sticker" : "picture"}>
      <button type="button" class="bare" aria-label={`${words.open} ${name}`} onClick={look}>
        <img
          src={file.url}
          alt={main?.fileName ?? name}
          {...sizeOf(first)}
          onError={() => (isBroken.value = true)}
        />
      </button>
      {main?.state !== "present" && <figcaption class="hint">{words.thumbOnly}</figcaption>}
    </figure>
  );
}

function picturesOf(attachments: readonly Attachment[]): {
  readonly main: Attachment | undefined;
  readonly first: Attachment | undefined;
} {
  const { main, thumb } = mainAndThumb(attachments);
  const isSmall = main?.state === "present" && (main.sizeBytes ?? 0) <= AT_ONCE_BYTES;
  return { main, first: isSmall ? main : (thumb ?? main) };
}

/** A film, opened when somebody wants to see it. */
export function Film({ attachments, chat: { collection } }: BubbleGiven): VNode {
  const { main, thumb } = mainAndThumb(attachments);
  const isAsked = useSignal(false);
  const preview = useFile(collection, thumb).value.url;
  const isThere = main?.state === "present";
  if (isThere && isAsked.value)
    return (
      <FilmPlayer collection={collection} film={main} thumb={thumb}>
        <SaveFile collection={collection} attachment={main} />
      </FilmPlayer>
    );
  if (!isThere && preview === undefined) return <Missing attachment={main} />;
  const [does, facts] = filmTexts(main);
  return (
    <button type="button" class="bare film" disabled={!isThere} onClick={() => (isAsked.value = true)}>
      {preview === undefined ? <Frame of={main} /> : <img src={preview} alt="" {...sizeOf(thumb)} />}
      <span class="over">
        {does} <span class="measures">{facts}</span>
      </span>
    </button>
  );
}

/** What pressing a film does, or why it does nothing; and how long and how large it is. */
function filmTexts(main: Attachment | undefined): readonly [does: string, facts: string] {
  const words = say(kindWords);
  if (main?.state !== "present") return [words.states[main?.state ?? "missing"] ?? "", ""];
  const { durationMs, sizeBytes } = main;
  const length = durationMs === undefined ? [] : [lengthText(durationMs)];
  const size = sizeBytes === undefined ? [] : [sizeText(sizeBytes)];
  return [`▶ ${words.loadVideo}`, [...length, ...size].join(" · ")];
}

/** A voice message or a sound. */
export function Sound({ attachments, chat }: BubbleGiven): VNode {
  const words = say(kindWords);
  const { main } = mainAndThumb(attachments);
  const isAsked = useSignal(false);
  const sound = useFile(chat.collection, isAsked.value ? main : undefined);
  if (main === undefined || main.state !== "present") return <Missing attachment={main} />;
  const seconds = main.durationMs === undefined ? undefined : Math.max(1, Math.round(main.durationMs / 1000));
  return (
    <div class="sound">
      {sound.value.url === undefined ? (
        <button type="button" disabled={isAsked.value} onClick={() => (isAsked.value = true)}>
          ▶ {words.play} {seconds !== undefined && words.seconds(seconds)}
        </button>
      ) : (
        <audio src={sound.value.url} controls autoplay />
      )}
      {sound.value.error !== undefined && <p class="problem">{problemText(sound.value.error)}</p>}
      {main.transcript !== undefined && <p class="text">{main.transcript}</p>}
    </div>
  );
}

/** A file of any sort, which can be saved as it was sent. */
export function AnyFile({ attachments, chat }: BubbleGiven): VNode {
  const words = say(kindWords);
  const { main } = mainAndThumb(attachments);
  if (main === undefined) return <Missing attachment={main} />;
  return (
    <div class="file">
      <Icon name="file" />
      <span class="file-name">{main.fileName ?? words.noName}</span>
      <span class="hint">
        {main.sizeBytes !== undefined && sizeText(main.sizeBytes)} {words.states[main.state]}
      </span>
      <SaveFile collection={chat.collection} attachment={main} />
    </div>
  );
}

/** Says why a file is not there. */
function Missing(given: { readonly attachment: Attachment | undefined; readonly error?: unknown }): VNode {
  const words = say(kindWords);
  const { attachment, error } = given;
  return (
    <p class="missing hint">
      {attachment?.fileName}{" "}
      {error === undefined ? words.states[attachment?.state ?? "missing"] : problemText(error)}
    </p>
  );
}

function sizeOf(attachment: Attachment | undefined): { readonly width?: number; readonly height?: number } {
  const { width, height } = attachment ?? {};
  return width === undefined || height === undefined ? {} : { width, height };
}
