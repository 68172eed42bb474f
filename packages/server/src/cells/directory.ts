import { KeepsakeError } from "@keepsake/core/base";
import { callPart } from "./call.ts";
import type { CellSettings } from "./settings.ts";

/**
 * Which cell has a name. A cell asks it about names (keyed hashes, of contacts too) before and after it changes its own
 * tables. All throw `server.cell-away` where it does not answer.
 */
export interface Directory {
  /** Takes names for this cell, all or none; those that it has stay its own. Throws `member.taken`. */
  claim(names: readonly string[]): Promise<void>;
  /** Claims each of these that no other cell has; gives those that one has. */
  claimFree(names: readonly string[]): Promise<readonly string[]>;
  /** Whether another cell has one of these. */
  isElsewhere(names: readonly string[]): Promise<boolean>;
  /** Gives names up, but for those that were claimed a short while ago: what claimed them may be under way. How many. */
  release(names: readonly string[]): Promise<number>;
  /** The names of this cell after one of them, in order; and whether these are the last. */
  list(after: string): Promise<{ readonly names: readonly string[]; readonly isEnd: boolean }>;
}

/** Of a server that is alone: its own tables say all there is to say. */
export const alone: Directory = {
  claim: () => Promise.resolve(),
  claimFree: () => Promise.resolve([]),
  isElsewhere: () => Promise.resolve(false),
  release: () => Promise.resolve(0),
  list: () => Promise.resolve({ names: [], isEnd: true }),
};

/** The directory that gateways keep. */
export function directoryOf({ own: cell, key, directory }: CellSettings): Directory {
  const ask = (path: string, body: object): Promise<unknown> =>
    callPart(directory, { key, method: "POST", path: `/v1/directory/${path}`, body: { cell, ...body } });
  const claim = async (names: readonly string[]): Promise<readonly string[]> =>
    ((await ask("claim", { names })) as { readonly taken: readonly string[] }).taken;
  return {
    async claim(names) {
      if ((await claim(names)).length > 0) throw new KeepsakeError("member.taken");
    },
    async claimFree(names) {
      const taken = await claim(names);
      const free = taken.length === 0 ? [] : names.filter((name) => !taken.includes(name));
      return [...taken, ...(free.length === 0 ? [] : await claim(free))];
    },
    isElsewhere: async (names) =>
      ((await ask("look", { names })) as { readonly isElsewhere: boolean }).isElsewhere,
    release: async (names) => ((await ask("release", { names })) as { readonly released: number }).released,
    list: async (after) =>
      (await ask("list", { after })) as { readonly names: readonly string[]; readonly isEnd: boolean },
  };
}
