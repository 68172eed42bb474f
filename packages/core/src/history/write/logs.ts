import { bytesToHex, hexToBytes, KeepsakeError, type Primitives } from "../../base/index.ts";
import { appendLeaves, contentRoot, emptyLog, logRoot, type LogState } from "../../vault/index.ts";
import { leavesOf } from "../rows/leaves.ts";
import { DeltaCache, manifestOf, rowKeys, type History } from "../state/state.ts";

/** A collection's log with all rows of the open deltas, checked against the root that the last one states. */
export async function logOf(history: History, deltas: DeltaCache, collection: string): Promise<LogState> {
  const { vault, entries } = history;
  const { primitives } = vault;
  const manifest = await manifestOf(history, collection);
  const { saltKey } = rowKeys(vault, entries.get(collection)!);
  let log = manifest?.log ?? emptyLog;
  for (const rows of await deltas.rowsOf(collection)) {
    const leaves = await leavesOf(primitives, saltKey, rows);
    log = appendLeaves(
      primitives,
      log,
      leaves.map(([, leaf]) => leaf),
    );
  }
  if (bytesToHex(logRoot(primitives, log)) !== logRoots(history).get(collection)) {
    throw new KeepsakeError("vault.corrupt", { details: { what: "log-root" } });
  }
  return log;
}

/** The root of each collection's log, in hex. */
export function logRoots(history: History): Map<string, string> {
  const roots = new Map([...history.tree.values()].map((entry) => [entry.id, entry.logRoot]));
  for (const { index } of history.deltas) {
    for (const part of index.parts)
      if (history.entries.has(part.collection)) roots.set(part.collection, part.logRoot);
  }
  return roots;
}

/** What a head signs of the content. */
export function contentRootOf(primitives: Primitives, roots: ReadonlyMap<string, string>): string {
  const logs = new Map([...roots].map(([id, root]) => [id, hexToBytes(root)!]));
  return bytesToHex(contentRoot(primitives, logs));
}
