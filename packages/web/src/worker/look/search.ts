import { OpenTexts, type TextHit, type TextQuery } from "@keepsake/core/history";
import type { Session } from "../session.ts";

/** What was found, as far as the history was searched. */
export interface Found {
  readonly hits: readonly Hit[];
  /** From 0 to 1: how much of the history was there to be searched. */
  readonly share: number;
}

/** A message that holds the text. */
export interface Hit {
  readonly collection: string;
  /** Its line in the chat. */
  readonly key: string;
  readonly sent: number;
  readonly author?: string;
  readonly kind: string;
  readonly text: string;
  readonly start: number;
  readonly length: number;
}

const DAY_MS = 86_400_000;
const MOST = 500;

/** Finding text in the whole history, which is open for it from the first search on. */
export class Search {
  readonly #session: Session;
  #texts: { readonly of: unknown; readonly open: Promise<OpenTexts> } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The newest messages that hold a text; of one character, too. */
  async find(query: TextQuery): Promise<Found> {
    const texts = await this.#opened();
    const hits = texts.find({ ...query, limit: query.limit ?? MOST });
    return { hits: hits.map(hitOf), share: 1 };
  }

  #opened(): Promise<OpenTexts> {
    const { history } = this.#session.open;
    if (this.#texts?.of !== history) {
      const open = OpenTexts.open(history);
      open.catch(() => (this.#texts = undefined));
      this.#texts = { of: history, open };
    }
    return this.#texts!.open;
  }
}

function hitOf({ collection, sent, author, kind, text, start, length, placeInDay }: TextHit): Hit {
  const key = `${Math.floor(sent / DAY_MS)}:${placeInDay}`;
  return { collection, key, sent, ...(author !== undefined && { author }), kind, text, start, length };
}
