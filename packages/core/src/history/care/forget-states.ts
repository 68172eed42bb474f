import type { Snapshot } from "../../vault/index.ts";
import { storedAttachments } from "../intake/attachments.ts";
import { AttachmentTables } from "../out/attachment-tables.ts";
import { contentsOf } from "../out/restore-folder.ts";
import { RowReader } from "../rows/read.ts";
import { isFolder, readFolders } from "../state/folders.ts";
import { keptHistories } from "../state/snapshots.ts";
import type { History } from "../state/state.ts";
import { newBatch } from "../write/batch.ts";
import { commitBatch } from "../write/commit.ts";
import { rewriteVersions, type Rewriting } from "./rewrite.ts";

/** Contents of kept folders that no kept version shows any more. */
export interface ForgetStatesPlan {
  readonly contents: number;
  readonly bytes: number;
  /** Digests, by collection. */
  readonly unneeded: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Finds what only states of kept folders held that were given up with their versions. */
export async function planForgetStates(history: History): Promise<ForgetStatesPlan> {
  const needed = await neededContents(history);
  const unneeded = new Map<string, ReadonlySet<string>>();
  let [contents, bytes] = [0, 0];
  for (const [collection, stored] of await storedAttachments(history)) {
    if (!isFolder(history, collection)) continue;
    const gone = stored.filter(({ sha256 }) => needed.get(collection)?.has(sha256) !== true);
    if (gone.length === 0) continue;
    unneeded.set(collection, new Set(gone.map(({ sha256 }) => sha256)));
    contents += gone.length;
    bytes += gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }
  return { contents, bytes, unneeded };
}

/** What each kept folder needs in any kept version. */
async function neededContents(history: History): Promise<Map<string, Set<string>>> {
  const needed = new Map<string, Set<string>>();
  for await (const kept of keptHistories(history)) {
    const tables = new AttachmentTables(kept);
    for (const { collection, entries } of await readFolders(new RowReader(kept))) {
      const digests = needed.get(collection) ?? new Set<string>();
      needed.set(collection, digests);
      const contents = await tables.of(collection);
      for (const entry of entries.values())
        for (const digest of await contentsOf(kept, contents, entry)) digests.add(digest);
    }
  }
  return needed;
}

/** Drops such contents from the lists of every version: what they took up is for prune. */
export async function forgetStates(
  history: History,
  { unneeded }: ForgetStatesPlan,
): Promise<Snapshot | "raced"> {
  const rewriting: Rewriting = {
    isMoved: () => false,
    segment: async (_, segment) => ({ segment, notes: [] }),
    rows: async (_, rows) => rows,
    files: async (collection, files) => {
      const gone = unneeded.get(collection);
      const kept = gone === undefined ? files : files.filter(({ sha256 }) => !gone.has(sha256));
      return kept.length === files.length ? files : kept;
    },
  };
  const { batch, closed } = await rewriteVersions(newBatch(history), rewriting);
  return commitBatch(batch, { verb: "forget", dropped: closed });
}
