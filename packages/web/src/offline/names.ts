/** The folder of this origin in which shared files wait, each in a folder of its own. */
export const SHARED = "shared";

/** What the page says to a version that waits, so that it is used from now on. */
export const TAKE_OVER = "take-over";

/** What the page says to have its requests come here from now on; the answer comes through the port that goes along. */
export const STAND_BETWEEN = "stand-between";

/** Where films lie while they are shown, each under a token. No server is ever asked for what lies here. */
export const FILMS = "/film/";

/** Some bytes of a film, as the page is asked for them; the answer comes through the port that goes along. */
export interface FilmAsked {
  readonly film: string;
  /** The header `range` as the browser sent it; null where it sent none. */
  readonly range: string | null;
}

/** `bytes` from `start` on, of `sizeBytes`; or the status that says why there are none. */
export type FilmAnswer =
  | {
      readonly status: 206;
      readonly mime: string;
      readonly start: number;
      readonly sizeBytes: number;
      /** No more than a few MiB, whatever was asked for: a player asks on from there. */
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly status: 416; readonly sizeBytes: number }
  /** Nothing under this token; or it cannot be read now. */
  | { readonly status: 404 | 503 };
