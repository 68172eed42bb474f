import { concatBytes, KeepsakeError, type Bytes } from "@keepsake/core/base";
import { chatFiles, type RestoredFile } from "@keepsake/core/history";
import type { Session } from "../session.ts";

/** A file as a browser opens it. */
export interface FileShown {
  readonly blob: Blob;
  /** Whether it is as it was sent, or a form that was made because hardly anything opens the original. */
  readonly isOriginal: boolean;
}

/** What is opened whole; more is for saving alone, or a film, of which a part at a time is opened. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Types that a page may show; all else is bytes to be saved. A page of ours never runs what was sent in a chat. */
const shown = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp)|video\/(?:mp4|webm|quicktime)|audio\/[a-z0-9.+-]+)$/;

type FileOf = (sha256: string) => RestoredFile | undefined;

/** The attachments of chats, opened when somebody looks at them. */
export class Files {
  readonly #session: Session;
  #of: unknown;
  readonly #chats = new Map<string, Promise<FileOf>>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** A picture, voice or film as browsers open it. Throws `web.no-file`, `base.limit`. */
  async look(collection: string, sha256: string): Promise<FileShown> {
    const bytes = await this.#read(collection, sha256);
    const { playable } = await import("@keepsake/core/media");
    const form = await playable(bytes);
    if (form?.state === "made") return { blob: blobOf(form.bytes, form.mime), isOriginal: false };
    return { blob: blobOf(bytes, form?.type.mime ?? ""), isOriginal: true };
  }

  /** The very bytes that were sent, for saving. A part at a time goes to the browser, which keeps much on its disk. */
  async save(collection: string, sha256: string): Promise<Blob> {
    const pieces: Blob[] = [];
    for await (const piece of (await this.#file(collection, sha256)).open()) pieces.push(blobOf(piece, ""));
    return new Blob(pieces, { type: "application/octet-stream" });
  }

  async #read(collection: string, sha256: string): Promise<Bytes> {
    const file = await this.#file(collection, sha256);
    if (file.sizeBytes > MOST_BYTES)
      throw new KeepsakeError("base.limit", { details: { limit: MOST_BYTES } });
    const chunks: Bytes[] = [];
    for await (const chunk of file.open()) chunks.push(chunk);
    return concatBytes(...chunks);
  }

  async #file(collection: string, sha256: string): Promise<RestoredFile> {
    const file = (await this.#files(collection))(sha256);
    if (file === undefined) throw new KeepsakeError("web.no-file");
    return file;
  }

  #files(collection: string): Promise<FileOf> {
    const { history } = this.#session.open;
    if (this.#of !== history) this.#chats.clear();
    this.#of = history;
    let files = this.#chats.get(collection);
    if (files === undefined) {
      files = chatFiles(history, collection);
      this.#chats.set(collection, files);
      files.catch(() => this.#chats.delete(collection));
    }
    return files;
  }
}

function blobOf(bytes: Bytes, mime: string): Blob {
  return new Blob([bytes], { type: shown.test(mime) ? mime : "application/octet-stream" });
}
