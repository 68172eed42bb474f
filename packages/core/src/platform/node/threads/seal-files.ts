import { setImmediate } from "node:timers/promises";
import type { FileSealer, FileSealerStart, PutFile } from "../../../history/index.ts";
import { Thread } from "./thread.ts";

/** What the thread is started with: the folders of store and source, how packs are sealed, what the vault has. */
export interface SealThreadData extends Pick<FileSealerStart, "known" | "packs"> {
  readonly store: string;
  readonly source: string;
}

/** A file and the week that it is from, or one of which each part is a content; undefined asks for all packs to be stored. */
export type SealRequest =
  { readonly path: string; readonly week: number | undefined } | { readonly parts: string } | undefined;
export type SealReply = PutFile | undefined;

/** What the thread says meanwhile: a pack that is stored, a part of the file at this path. */
export type SealNote =
  Parameters<FileSealerStart["onStored"]>[0] | { readonly path: string; readonly part: PutFile };

/** A thread that seals files beside the one that reads. */
export interface SealThread extends FileSealer, AsyncDisposable {}

/** It remembers the digest of every content that the vault has, some 200 bytes each: millions must fit. */
const limits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 };

/** Starts the thread; it ends with the process, or when disposed of. */
export function sealThread({
  store,
  source,
  known,
  packs,
  onStored,
}: SealThreadData & FileSealerStart): SealThread {
  const file = new URL("./seal-worker.ts", import.meta.url);
  const data: SealThreadData = { store, source, known, packs };
  const noted: Promise<void>[] = [];
  const onParts = new Map<string, (part: PutFile) => void>();
  const thread = new Thread<SealRequest, SealReply>(file, {
    limits,
    data,
    onNote(note) {
      const said = note as SealNote;
      if ("part" in said) return onParts.get(said.path)?.(said.part);
      const noting = Promise.resolve(onStored(said));
      noting.catch(() => undefined);
      noted.push(noting);
    },
  });
  return {
    put: async ({ path }, week) => (await thread.ask({ path, week }))!,
    async putParts({ path }, onPart) {
      const refused = Promise.withResolvers<never>();
      // What is thrown while the thread is at work ends the waiting, not the process.
      onParts.set(path, (part) => {
        try {
          onPart(part);
        } catch (error) {
          refused.reject(error);
        }
      });
      const asked = thread.ask({ parts: path }).finally(() => onParts.delete(path));
      const { sha256, sizeBytes } = (await Promise.race([asked, refused.promise]))!;
      return { sha256, sizeBytes };
    },
    async flush() {
      await thread.ask(undefined);
      await Promise.all(noted.splice(0));
    },
    async [Symbol.asyncDispose]() {
      await thread[Symbol.asyncDispose]();
      // What it said before it ended is taken down, so that what is stored need not be stored again.
      await setImmediate();
      await Promise.allSettled(noted);
    },
  };
}
