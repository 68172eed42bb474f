import { bytesToHex, concatBytes, KeepsakeError, type Bytes } from "@keepsake/core/base";
import { chatFiles, PART_BYTES, type RestoredFile } from "@keepsake/core/history";
import type { FilmAnswer, FilmAsked } from "../../../offline/names.ts";
import type { Session } from "../../session.ts";
import { rangeOf } from "./range.ts";
import { filmTypeOf } from "./type.ts";

/** Larger films are not kept in this browser: they would push out what is read every day. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;
/** Opened parts that stay in memory: a player goes back and forth between two places of a film. */
const PARTS_HELD = 2;
const TOKEN_BYTES = 32;

/** A film that is shown. */
interface OpenFilm {
  readonly mime: string;
  readonly file: RestoredFile;
  readonly parts: Map<number, Promise<Bytes>>;
  readonly ends: AbortController;
  /** The part that was asked for last. */
  last?: Promise<Bytes>;
}

/**
 * Films while they are shown: each has a token that nobody can guess, and under it the player's requests are answered
 * part by part. A token is worth nothing once its film is not shown any more, or the history is locked.
 */
export class Films {
  readonly #session: Session;
  readonly #films = new Map<string, OpenFilm>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** A token for a film; undefined where it is nothing that browsers play. Throws `web.no-file`. */
  async show(collection: string, sha256: string): Promise<string | undefined> {
    const session = this.#session;
    const { untilLocked } = session;
    const { history } = session.open;
    const ends = new AbortController();
    const options = { signal: AbortSignal.any([ends.signal, untilLocked]) };
    const near = (await chatFiles(history, collection, options))(sha256);
    if (near === undefined) throw new KeepsakeError("web.no-file");
    const isKept = near.sizeBytes <= MOST_KEPT_BYTES;
    const { store } = session.direct;
    const file = isKept ? near : (await chatFiles(history, collection, { ...options, store }))(sha256)!;
    const film = { file, ends, parts: new Map<number, Promise<Bytes>>() };
    const mime = filmTypeOf(await partOf(film, 0));
    if (mime === undefined) return undefined;
    const primitives = await session.primitives();
    const token = bytesToHex(primitives.random(TOKEN_BYTES));
    if (untilLocked.aborted) throw new KeepsakeError("web.locked");
    untilLocked.addEventListener("abort", () => this.end(token), { once: true, signal: ends.signal });
    this.#films.set(token, { ...film, mime });
    return token;
  }

  /** Answers a player through a port: no further than to the end of the part in which its range begins. */
  async answer({ film: token, range }: FilmAsked, port: MessagePort): Promise<void> {
    const film = this.#films.get(token);
    const read: FilmAnswer = film === undefined ? { status: 404 } : await this.#read(film, range);
    // Meanwhile it may have been locked.
    const answer: FilmAnswer = film?.ends.signal.aborted === true ? { status: 404 } : read;
    port.postMessage(answer, answer.status === 206 ? [answer.bytes.buffer] : []);
    port.close();
  }

  /** Throws what kept the bytes of a film from being read last; nothing where its bytes came. */
  async check(token: string): Promise<void> {
    await this.#films.get(token)?.last;
  }

  /** A film that is not shown any more. */
  end(token: string): void {
    this.#films.get(token)?.ends.abort();
    this.#films.delete(token);
  }

  async #read(film: OpenFilm, range: string | null): Promise<FilmAnswer> {
    const { sizeBytes } = film.file;
    const bounds = rangeOf(range, sizeBytes);
    if (bounds === undefined) return { status: 416, sizeBytes };
    const { start, end } = bounds;
    const number = Math.floor(start / PART_BYTES);
    const at = number * PART_BYTES;
    try {
      film.last = partOf(film, number);
      const part = await film.last;
      // A copy: the memory goes away with the answer.
      const bytes = part.slice(start - at, end - at);
      return { status: 206, mime: film.mime, start, sizeBytes, bytes };
    } catch {
      // `check` tells why.
      return { status: 503 };
    }
  }
}

/** One whole part of a film, opened. Who asks for it at the same time gets the same. */
function partOf({ file, parts }: Pick<OpenFilm, "file" | "parts">, number: number): Promise<Bytes> {
  const at = number * PART_BYTES;
  const part = parts.get(number) ?? joined(file.open({ start: at, end: at + PART_BYTES }));
  parts.delete(number);
  parts.set(number, part);
  part.catch(() => parts.delete(number));
  for (const oldest of parts.keys()) {
    if (parts.size <= PARTS_HELD) break;
    parts.delete(oldest);
  }
  return part;
}

async function joined(pieces: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const piece of pieces) all.push(piece);
  return all.length === 1 ? all[0]! : concatBytes(...all);
}
