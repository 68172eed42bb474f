import type { Attachment } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { download } from "../parts/download.ts";
import { useFile } from "../parts/use-file.ts";
import { Icon } from "../parts/icons.tsx";
import { desk } from "../state/desk.ts";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { sizeText } from "../words/values.ts";
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
export function Film({ attachments, chat }: BubbleGiven): VNode {
  const { main, thumb } = mainAndThumb(attachments);
  const isAsked = useSignal(false);
  const preview = useFile(chat.collection, thumb).value.url;
  const film = useFile(chat.collection, isAsked.value ? main : undefined);
  const { url, error } = film.value;
  if (url !== undefined)
    return (
      <video class="film" src={url} poster={preview} controls autoplay playsInline>
        <track kind="captions" />
      </video>
    );
  const isThere = main?.state === "present";
  if (!isThere && preview === undefined) return <Missing attachment={main} />;
  return (
    <button
      type="button"
      class="bare film"
      disabled={!isThere || isAsked.value}
      onClick={() => (isAsked.value = true)}
    >
      {preview !== undefined && <img src={preview} alt="" {...sizeOf(thumb)} />}
      <span class="over">{filmText(main)}</span>
      {error !== undefined && <span class="problem">{problemText(error)}</span>}
    </button>
  );
}

function filmText(main: Attachment | undefined): string {
  const words = say(kindWords);
  if (main?.state !== "present") return words.states[main?.state ?? "missing"] ?? "";
  const size = main.sizeBytes === undefined ? "" : ` · ${sizeText(main.sizeBytes)}`;
  return `▶ ${words.loadVideo}${size}`;
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
  const error = useSignal<unknown>(undefined);
  if (main === undefined) return <Missing attachment={main} />;
  const name = main.fileName ?? say(kindWords).noName;
  const save = async (): Promise<void> => {
    const blob = await desk.files.save(chat.collection, main.sha256!);
    download(blob, main.fileName ?? main.sha256!.slice(0, 8));
  };
  return (
    <div class="file">
      <Icon name="file" />
      <span class="file-name">{name}</span>
      <span class="hint">
        {main.sizeBytes !== undefined && sizeText(main.sizeBytes)} {words.states[main.state]}
      </span>
      {main.state === "present" && main.sha256 !== undefined && (
        <button
          type="button"
          class="plain"
          onClick={() => void save().catch((problem) => (error.value = problem))}
        >
          {words.save}
        </button>
      )}
      {error.value !== undefined && <p class="problem">{problemText(error.value)}</p>}
    </div>
  );
}

function Frame({ of }: { readonly of: Attachment | undefined }): VNode {
  const { width = 160, height = 120 } = of ?? {};
  return (
    <svg class="frame" viewBox={`0 0 ${width} ${height}`} width={Math.min(width, 280)} aria-hidden="true" />
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
