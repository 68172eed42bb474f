import type { Attachment } from "@keepsake/core/model";
import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { FILMS } from "../../offline/names.ts";
import { desk } from "../../state/desk.ts";
import { canStream } from "./stream.ts";

/** What is fetched whole where it cannot be fetched bit by bit. */
const MOST_WHOLE_BYTES = 64 * 1024 * 1024;

/** How far it is with a film. */
export type FilmShown =
  | { readonly is: "fetching" }
  /** `token`: where it comes bit by bit. */
  | { readonly is: "shown"; readonly url: string; readonly token?: string }
  /** Nothing that a browser plays. */
  | { readonly is: "unplayable" }
  /** It cannot come bit by bit here, and is too large to come whole. */
  | { readonly is: "too-large" }
  | { readonly is: "failed"; readonly error: unknown };

interface FilmUsed {
  readonly film: ReadonlySignal<FilmShown>;
  /** The player gave up. */
  readonly onBroken: () => void;
  readonly again: () => void;
}

/** A film as an address that this page alone can open, as long as it is shown. */
export function useFilm(collection: string, { sha256 = "", sizeBytes = 0 }: Attachment): FilmUsed {
  const film = useSignal<FilmShown>({ is: "fetching" });
  const attempt = useSignal(0);
  useEffect(() => {
    let isGone = false;
    let opened: FilmShown | undefined;
    film.value = { is: "fetching" };
    open(collection, { sha256, sizeBytes }).then(
      (shown) => {
        opened = shown;
        if (isGone) close(shown);
        else film.value = shown;
      },
      (error: unknown) => {
        if (!isGone) film.value = { is: "failed", error };
      },
    );
    return () => {
      isGone = true;
      if (opened !== undefined) close(opened);
    };
  }, [collection, sha256, attempt.value]);
  const onBroken = (): void => {
    const shown = film.value;
    void whyBroken(shown).then((why) => {
      if (film.value === shown) film.value = why;
    });
  };
  return { film, onBroken, again: () => attempt.value++ };
}

async function open(
  collection: string,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): Promise<FilmShown> {
  if (await canStream()) {
    const token = await desk.films.show(collection, sha256);
    if (token === undefined) return { is: "unplayable" };
    return { is: "shown", token, url: `${FILMS}${token}` };
  }
  if (sizeBytes > MOST_WHOLE_BYTES) return { is: "too-large" };
  const { blob } = await desk.files.look(collection, sha256);
  return { is: "shown", url: URL.createObjectURL(blob) };
}

function close(shown: FilmShown): void {
  if (shown.is !== "shown") return;
  const { token, url } = shown;
  if (token === undefined) URL.revokeObjectURL(url);
  else void desk.films.end(token);
}

/** Either its bytes did not come, or the browser does not play what is in it. */
async function whyBroken(shown: FilmShown): Promise<FilmShown> {
  if (shown.is !== "shown") return shown;
  try {
    if (shown.token !== undefined) await desk.films.check(shown.token);
    return { is: "unplayable" };
  } catch (error) {
    return { is: "failed", error };
  }
}
