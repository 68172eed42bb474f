import type { Memo, MemoStore } from "@keepsake/core/history";
import { sealedFile, type SealedFileOptions } from "./sealed-file.ts";

/** The memo of one source, in a file that is sealed with a key of this device. */
export function sealedMemos(options: Omit<SealedFileOptions, "kind">): MemoStore {
  const file = sealedFile({ ...options, kind: "memo" });
  return {
    async load() {
      const text = await file.load();
      const memo = text === undefined ? {} : (JSON.parse(text) as Partial<Memo>);
      return isWhole(memo) ? memo : undefined;
    },
    save: (memo) => file.save(memo && JSON.stringify(memo)),
  };
}

/** One that an older version of the program kept counts as lost. */
function isWhole(memo: Partial<Memo>): memo is Memo {
  return memo.collections !== undefined && memo.shownUntil !== undefined;
}
