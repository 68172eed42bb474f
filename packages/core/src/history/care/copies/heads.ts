import { equalBytes, KeepsakeError, type Bytes } from "../../../base/index.ts";
import {
  allHeads,
  headKeyPacks,
  numberName,
  type Head,
  type PutOptions,
  type Store,
  type Vault,
} from "../../../vault/index.ts";

/** How the newest version of one store stands to that of another. */
export type Relation = "same" | "ahead" | "behind" | "apart";

/** The heads of two stores of one vault. */
export interface Related {
  readonly relation: Relation;
  /** Of each store, the newest first. */
  readonly here: readonly Head[];
  readonly there: readonly Head[];
  /** Hashes of all heads that the newest one here goes back to, itself among them. */
  readonly reached: ReadonlySet<string>;
}

/** Follows the heads of both stores: a head that one has lost may lie in the other. */
export async function relate(here: Vault, there: Vault): Promise<Related> {
  const [ours, theirs] = [await listed(here), await listed(there)];
  const all = new Map([...theirs, ...ours].map((head) => [head.hash, head]));
  const [reached, reachedThere] = [reach(all, ours[0]), reach(all, theirs[0])];
  const isAhead = theirs[0] === undefined || reached.has(theirs[0].hash);
  const isBehind = ours[0] === undefined || reachedThere.has(ours[0].hash);
  const relation = isAhead ? (isBehind ? "same" : "ahead") : isBehind ? "behind" : "apart";
  return { relation, here: ours, there: theirs, reached };
}

async function listed(vault: Vault): Promise<Head[]> {
  const heads: Head[] = [];
  for await (const head of allHeads(vault)) heads.push(head);
  return heads;
}

function reach(heads: ReadonlyMap<string, Head>, from: Head | undefined): Set<string> {
  const reached = new Set<string>();
  const waiting = from === undefined ? [] : [from.hash];
  for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
    if (reached.has(hash)) continue;
    reached.add(hash);
    waiting.push(...(heads.get(hash)?.parents ?? []));
  }
  return reached;
}

/** The newest head and those that it follows in its own store; further parents are of copies that were merged. */
function firstParents(heads: readonly Head[], newest: Head | undefined): Set<string> {
  const byHash = new Map(heads.map((head) => [head.hash, head]));
  const line = new Set<string>();
  for (
    let head = newest;
    head !== undefined && !line.has(head.hash);
    head = byHash.get(head.parents[0] ?? "")
  )
    line.add(head.hash);
  return line;
}

/**
 * Brings the heads of one store to another, from the oldest on, so that the newest one comes when all before it is
 * there. What is no head gives way, and so do heads that were merged: then the newest one comes first, since it goes
 * back to both. Throws `history.diverged` where neither store goes back to the other.
 */
export async function putHeads(from: Vault, to: Vault): Promise<void> {
  const { relation, here, there } = await relate(from, to);
  if (relation === "apart") throw new KeepsakeError("history.diverged");
  const line = firstParents([...here, ...there], (relation === "behind" ? there : here)[0]);
  const taken = new Map(there.map((head) => [head.number, head.hash]));
  const isOther = ({ number, hash }: Head): boolean => taken.has(number) && taken.get(number) !== hash;
  const wanted = here.toReversed().filter((head) => !isOther(head) || line.has(head.hash));
  const hasMerged = wanted.some(isOther);
  const newest = wanted.at(-1);
  const keyPacks = newest === undefined ? undefined : await headKeyPacks(from, newest);
  for (const head of hasMerged ? [newest!, ...wanted] : wanted) {
    const name = `heads/${numberName(head.number)}`;
    const file = await from.store.get(name);
    const options = head === newest ? { keyPacks } : {};
    if (file === undefined || (await to.store.put(name, file, options)) === "stored") continue;
    const present = await to.store.get(name);
    if (present === undefined || !equalBytes(present, file))
      await replaceObject(to.store, name, file, options);
  }
}

/** Puts an object where none or a damaged one lies; whether one lay there. */
export async function replaceObject(
  store: Store,
  name: string,
  file: Bytes,
  options: PutOptions = {},
): Promise<boolean> {
  if ((await store.put(name, file, options)) === "stored") return false;
  await store.remove(name);
  if ((await store.put(name, file, options)) !== "stored")
    throw new KeepsakeError("store.exists", { retry: "later" });
  return true;
}
