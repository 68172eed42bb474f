import { KeepsakeError } from "../../base/index.ts";
import {
  allHeads,
  packWriter,
  publish,
  snapshotAsItWas,
  type Head,
  type Snapshot,
} from "../../vault/index.ts";
import { check } from "./check.ts";
import { loadHistory, type History, type Root } from "../state/state.ts";

/** What can be taken back: the version before stands again, as a new version. */
const undoable: ReadonlySet<string> = new Set([
  "backup",
  "merge",
  "forget",
  "forget-chats",
  "forget-messages",
  "prune",
  "undo",
]);

/** What an undo would bring back. */
export interface UndoPlan {
  /** The version that is taken back. */
  readonly undone: Head;
  /** The version that stands again. */
  readonly restored: Snapshot;
}

/**
 * Finds the version before the last one. Throws `history.cannot-undo` where the last verb cannot be taken back, or
 * where a prune has removed what the version before needs.
 */
export async function planUndo(history: History): Promise<UndoPlan> {
  const undone = history.snapshot.head;
  const parent = await headOfHash(history, undone.parents[0]);
  if (!undoable.has(undone.verb) || parent === undefined) {
    throw new KeepsakeError("history.cannot-undo", { details: { verb: undone.verb } });
  }
  const restored = await snapshotAsItWas(history.vault, parent.number);
  const { damages } = await check(await loadHistory(history.vault, restored), { level: "structure" });
  // Of an earlier version, the heads after it are of course no ancestors.
  if (damages.some(({ what }) => what !== "second-tip"))
    throw new KeepsakeError("history.cannot-undo", { details: { verb: undone.verb } });
  return { undone, restored };
}

/** Publishes the version before as the newest one; what was given up since then stays given up. */
export async function undo(history: History, { restored }: UndoPlan): Promise<Snapshot | "raced"> {
  const { vault, snapshot } = history;
  const before = restored.root as Root;
  const needed = snapshot.head.verb === "prune" ? before.dead : history.root.dead;
  const root: Root = { ...before, dead: needed };
  const { directory, head } = restored;
  const { contentRoot, counts } = head;
  const publication = { parents: [snapshot.head], root, directory, contentRoot, counts, verb: "undo" };
  return publish(vault, packWriter(vault), publication);
}

async function headOfHash({ vault }: History, hash: string | undefined): Promise<Head | undefined> {
  for await (const head of allHeads(vault)) if (head.hash === hash) return head;
  return undefined;
}
