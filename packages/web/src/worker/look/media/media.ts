import type { Session } from "../../session.ts";
import type { Files } from "../files.ts";
import type { MediaTab } from "./items.ts";
import { smallPicture } from "./small-picture.ts";
import { MediaWalk, type MediaItem } from "./walk.ts";

/** Some of what was sent, in order. */
export interface MediaPart {
  readonly items: readonly MediaItem[];
  /** Whether all was looked through, and there is no more. */
  readonly isEnd: boolean;
  /** Back to when was looked; null once all was. */
  readonly backToMs: number | null;
}

/** How long a call may look before it says how far it is. */
const PATIENCE_MS = 500;
/** Small pictures that are kept: some kilobytes each. */
const KEPT_PICTURES = 600;

/** Pictures, films, files, addresses and voices of chats, from the newest back. */
export class Media {
  readonly #session: Session;
  readonly #files: Files;
  #of: unknown;
  readonly #walks = new Map<string, MediaWalk>();
  readonly #pictures = new Map<string, Promise<Blob | undefined>>();

  constructor(session: Session, files: Files) {
    [this.#session, this.#files] = [session, files];
  }

  /** From the one of that number on, as many as are asked for or as are found in a moment; of all chats if none is named. */
  async list(
    collection: string | undefined,
    tab: MediaTab,
    { from, count }: { readonly from: number; readonly count: number },
  ): Promise<MediaPart> {
    const walk = this.#walk(collection);
    const stopAt = performance.now() + PATIENCE_MS;
    while (walk.found(tab).length < from + count && walk.until > -Infinity) {
      await walk.step();
      if (performance.now() > stopAt) break;
    }
    const items = walk.found(tab).slice(from, from + count);
    const isOver = walk.until === -Infinity;
    const isEnd = isOver && walk.found(tab).length <= from + count;
    return { items, isEnd, backToMs: isOver ? null : walk.until };
  }

  /** A picture so small that many of them fit a page; undefined where it is none that a browser reads. */
  picture(collection: string, sha256: string): Promise<Blob | undefined> {
    const kept = this.#pictures.get(sha256) ?? this.#small(collection, sha256);
    this.#pictures.delete(sha256);
    this.#pictures.set(sha256, kept);
    kept.catch(() => this.#pictures.delete(sha256));
    for (const oldest of this.#pictures.keys()) {
      if (this.#pictures.size <= KEPT_PICTURES) break;
      this.#pictures.delete(oldest);
    }
    return kept;
  }

  async #small(collection: string, sha256: string): Promise<Blob | undefined> {
    const { blob } = await this.#files.look(collection, sha256);
    return smallPicture(blob);
  }

  #walk(collection: string | undefined): MediaWalk {
    const { history, view } = this.#session.open;
    if (this.#of !== history) this.#walks.clear();
    this.#of = history;
    let walk = this.#walks.get(collection ?? "");
    if (walk === undefined) {
      walk = new MediaWalk(history, view, collection);
      this.#walks.set(collection ?? "", walk);
    }
    return walk;
  }
}
