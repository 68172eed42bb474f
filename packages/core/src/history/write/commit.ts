import { bytesToHex } from "../../base/index.ts";
import {
  logRoot,
  publish,
  putEntries,
  dropEntries,
  stateSpec,
  type Head,
  type Snapshot,
} from "../../vault/index.ts";
import { writeManifest, writeTree, type TreeEntry } from "../state/manifest.ts";
import { addSummaries, emptySummary } from "../state/manifest.ts";
import { isFolder } from "../state/folders.ts";
import { isChat, rowKeys, type History, type Root } from "../state/state.ts";
import { contentRootOf, logRoots } from "./logs.ts";
import type { Batch } from "./batch.ts";

export interface CommitOptions {
  readonly verb: string;
  /** Key entries whose keys are dropped with this version. */
  readonly dropped?: ReadonlySet<string>;
  readonly dead?: Root["dead"];
  readonly forgotten?: Root["forgotten"];
  readonly rules?: Root["rules"];
  readonly choices?: Root["choices"];
  readonly removedChoices?: Root["removedChoices"];
  readonly keptForEver?: Root["keptForEver"];
  /** Heads of a copy whose content this version holds too, the newest first. */
  readonly merged?: readonly Head[];
}

/** Stores what the batch holds as a new version. "raced": another device was quicker. */
export async function commitBatch(batch: Batch, options: CommitOptions): Promise<Snapshot | "raced"> {
  const { history, buffer } = batch;
  const { vault, snapshot } = history;
  await buffer.flush();
  for (const writer of [...batch.lanes, batch.files]) await writer.flush();
  const dropped = options.dropped ?? new Set<string>();
  const tree = await writeChangedTree(batch, dropped);
  const deltaEntries = buffer.written.map(({ entry }) => entry);
  const added = putEntries(snapshot.directory, [...batch.entries.values(), ...deltaEntries]);
  const directory = dropEntries(added, dropped);
  const kept = history.root.deltas.filter((id) => !batch.closed.has(id) && !dropped.has(id));
  const root: Root = {
    tree: tree.place,
    deltas: [...kept, ...deltaEntries.map(({ id }) => id)],
    forgotten: options.forgotten ?? history.root.forgotten,
    dead: options.dead ?? history.root.dead,
    rules: options.rules ?? history.root.rules,
    choices: options.choices ?? history.root.choices,
    removedChoices: options.removedChoices ?? history.root.removedChoices,
    keptForEver: options.keptForEver ?? history.root.keptForEver,
  };
  const after = afterBatch(batch, tree.entries, dropped);
  return publish(vault, batch.state, {
    parents: [snapshot.head, ...(options.merged ?? [])],
    root,
    directory,
    contentRoot: contentRootOf(vault.primitives, logRoots(after)),
    verb: options.verb,
    counts: countsOf(after),
  });
}

async function writeChangedTree(
  batch: Batch,
  dropped: ReadonlySet<string>,
): Promise<{ place: Root["tree"]; entries: Map<string, TreeEntry> }> {
  const { history, manifests } = batch;
  const { vault } = history;
  const entries = new Map([...history.tree].filter(([id]) => !dropped.has(id)));
  for (const [id, { manifest, summary }] of manifests) {
    const entry = batch.entries.get(id) ?? history.entries.get(id)!;
    const keys = rowKeys(vault, entry);
    const ref = await writeManifest(vault.primitives, batch.state, keys, manifest);
    entries.set(id, {
      id,
      epoch: keys.epoch,
      manifest: ref,
      logCount: manifest.log.count,
      logRoot: bytesToHex(logRoot(vault.primitives, manifest.log)),
      summary,
    });
  }
  const isSame = manifests.size === 0 && entries.size === history.tree.size;
  if (isSame) return { place: history.root.tree, entries };
  const { epoch } = vault.keyring.newest;
  const ref = await writeTree(vault.primitives, batch.state, stateSpec(vault, "tree", epoch), [
    ...entries.values(),
  ]);
  return { place: { ref, epoch }, entries };
}

/** The history as it will be loaded after the commit, as far as counts and logs go. */
function afterBatch(batch: Batch, tree: Map<string, TreeEntry>, dropped: ReadonlySet<string>): History {
  const { history, buffer } = batch;
  const deltas = history.deltas.filter(({ entry }) => !batch.closed.has(entry.id) && !dropped.has(entry.id));
  const entries = new Map([...history.entries, ...batch.entries]);
  for (const id of dropped) entries.delete(id);
  return { ...history, entries, tree, deltas: [...deltas, ...buffer.written] };
}

function countsOf(history: History): { chats: number; messages: number; attachments: number } {
  let chats = new Set<string>();
  let sum = emptySummary;
  for (const entry of history.tree.values()) {
    if (isFolder(history, entry.id)) continue;
    sum = addSummaries(sum, entry.summary);
    if (isChat(history, entry.id)) chats = chats.add(entry.id);
  }
  for (const { index } of history.deltas) {
    for (const part of index.parts) {
      const entry = history.entries.get(part.collection);
      if (entry === undefined || entry.kind === "folder") continue;
      sum = addSummaries(sum, part.summary);
      if (entry.kind === "chat") chats = chats.add(entry.id);
    }
  }
  return { chats: chats.size, messages: sum.messages, attachments: sum.attachments };
}
