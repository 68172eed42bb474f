import type { Attachment } from "@keepsake/core/model";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../../state/language.ts";
import { kindWords } from "../../words/kinds.ts";
import { problemText } from "../../words/problems.ts";
import { Frame } from "../frame.tsx";
import { useFile } from "../use-file.ts";
import { useFilm, type FilmShown } from "./use-film.ts";

interface FilmPlayerGiven {
  readonly collection: string;
  /** One that is there. */
  readonly film: Attachment;
  /** Its small picture. */
  readonly thumb: Attachment | undefined;
  /** What can be done where it does not play. */
  readonly children?: ComponentChildren;
}

/** Plays a film that somebody asked for, and says in words where it cannot. */
export function FilmPlayer({ collection, film: attachment, thumb, children }: FilmPlayerGiven): VNode {
  const words = say(kindWords);
  const poster = useFile(collection, thumb).value.url;
  const { film, onBroken, again } = useFilm(collection, attachment);
  const shown = film.value;
  if (shown.is === "fetching")
    return (
      <p class="film waiting" role="status">
        {poster === undefined ? <Frame of={attachment} /> : <img src={poster} alt="" />}
        <span class="over">{words.fetching}</span>
      </p>
    );
  if (shown.is === "shown")
    return <Player key={shown.url} url={shown.url} film={attachment} poster={poster} onBroken={onBroken} />;
  return (
    <div class="film-problem">
      <p class="problem" role="alert">
        {problemOf(shown)}
      </p>
      {shown.is !== "unplayable" && (
        <button type="button" class="plain" onClick={again}>
          {words.again}
        </button>
      )}
      {children}
    </div>
  );
}

function problemOf(shown: FilmShown): string {
  const words = say(kindWords);
  if (shown.is === "failed") return problemText(shown.error);
  return shown.is === "too-large" ? words.filmTooLarge : words.filmUnplayable;
}

interface PlayerGiven {
  readonly url: string;
  readonly film: Attachment;
  readonly poster: string | undefined;
  readonly onBroken: () => void;
}

function Player({ url, film, poster, onBroken }: PlayerGiven): VNode {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const player = video.current!;
    player.focus();
    // Where the browser wants another press, its controls are there for it.
    player.play().catch(() => undefined);
    // What is not shown any more asks for nothing more.
    return () => {
      player.removeAttribute("src");
      player.load();
    };
  }, []);
  return (
    <video
      ref={video}
      class="film"
      src={url}
      poster={poster}
      width={film.width}
      height={film.height}
      aria-label={film.fileName ?? say(kindWords).film}
      controls
      playsInline
      onError={onBroken}
    >
      <track kind="captions" />
    </video>
  );
}
