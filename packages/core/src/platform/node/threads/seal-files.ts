import type { FileSealer, FileSealerStart, PutFile } from "../../../history/index.ts";
import { Thread } from "./thread.ts";

/** What the thread is started with: the folders of store and source, how packs are sealed, what the vault has. */
export interface SealThreadData extends Pick<FileSealerStart, "known" | "packs"> {
  readonly store: string;
  readonly source: string;
}

/** The path of a file; undefined asks for all packs to be stored. */
export type SealRequest = string | undefined;
export type SealReply = PutFile | undefined;

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
  const thread = new Thread<SealRequest, SealReply>(file, {
    limits,
    data,
    onNote(pack) {
      const noting = Promise.resolve(onStored(pack as Parameters<typeof onStored>[0]));
      noting.catch(() => undefined);
      noted.push(noting);
    },
  });
  return {
    put: async ({ path }) => (await thread.ask(path))!,
    async flush() {
      await thread.ask(undefined);
      await Promise.all(noted.splice(0));
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
