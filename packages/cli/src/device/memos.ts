import type { Memo, MemoStore } from "@keepsake/core/history";
import { sealedFile, type SealedFileOptions } from "./sealed-file.ts";

/** The memo of one source, in a file that is sealed with a key of this device. */
export function sealedMemos(options: Omit<SealedFileOptions, "kind">): MemoStore {
  const file = sealedFile({ ...options, kind: "memo" });
  return {
    async load() {
      const text = await file.load();
      return text === undefined ? undefined : (JSON.parse(text) as Memo);
    },
    save: (memo) => file.save(memo && JSON.stringify(memo)),
  };
}
