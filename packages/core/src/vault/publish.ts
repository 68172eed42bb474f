import { bytesToHex, KeepsakeError, textToBytes } from "../base/index.ts";
import { encodeHead, noNeeds, requireWritable, type Head, type HeadBody } from "./heads/head.ts";
import { readHead } from "./heads/heads.ts";
import { directoryPacks, readDirectory, type Directory } from "./keys/directory.ts";
import { withFreshPages, writeDirectory } from "./keys/change-directory.ts";
import { addObject, readObject } from "./objects.ts";
import { PackReader, type PackWriter } from "./pack/index.ts";
import { numberName } from "./store/names.ts";
import { stateSpec, type Snapshot, type Vault } from "./vault.ts";

/** What makes a new version. */
export interface Publication {
  /** The heads it follows: one, or several that it merges. */
  readonly parents: readonly Head[];
  readonly root: unknown;
  readonly directory: Directory;
  readonly contentRoot: string;
  readonly verb: string;
  readonly counts: HeadBody["counts"];
}

/**
 * Writes the root into the writer and the directory into packs of its own, stores all, reads both back, and puts the head
 * under the next number.
 * "raced": another device was quicker; start over from its head. What was stored then waits for prune.
 * Throws `vault.newer-format` where a parent holds what would be dropped.
 */
export async function publish(
  vault: Vault,
  writer: PackWriter,
  publication: Publication,
): Promise<Snapshot | "raced"> {
  const { primitives, keyring } = vault;
  for (const parent of publication.parents) requireWritable(parent);
  const keys = keyring.newest;
  const isNewEpoch = publication.parents.some((parent) => parent.epoch !== keys.epoch);
  const renewed = isNewEpoch ? renewDirectory(vault, publication.directory) : publication.directory;
  const root = { bytes: textToBytes(JSON.stringify(publication.root)) };
  const rootRef = await addObject(primitives, writer, stateSpec(vault, "root", keys.epoch), root);
  await writer.flush();
  const keyWriter = writer.forKeys();
  const written = await writeDirectory(primitives, keyWriter, { vaultId: vault.id, keys }, renewed);
  await keyWriter.flush();
  const body: HeadBody = {
    root: rootRef,
    directory: written.ref,
    epoch: keys.epoch,
    slots: vault.document.version,
    contentRoot: publication.contentRoot,
    time: vault.clock.now(),
    verb: publication.verb,
    counts: publication.counts,
    needs: noNeeds,
  };
  await readBack(vault, body);
  const keyPacks = directoryPacks(written.ref, written.directory);
  const head = await putHead(vault, publication.parents, { body, keyPacks });
  return head === "raced" ? head : { head, root: publication.root, directory: written.directory };
}

/** A new version that holds what the one before it holds: it says when the source was looked at last. */
export async function publishSame(
  vault: Vault,
  snapshot: Snapshot,
  verb: string,
): Promise<Snapshot | "raced"> {
  requireWritable(snapshot.head);
  const { root, directory, epoch, contentRoot, counts } = snapshot.head;
  const { version: slots } = vault.document;
  const body: HeadBody = {
    root,
    directory,
    epoch,
    slots,
    contentRoot,
    time: vault.clock.now(),
    verb,
    counts,
    needs: noNeeds,
  };
  const keyPacks = directoryPacks(directory, snapshot.directory);
  const head = await putHead(vault, [snapshot.head], { body, keyPacks });
  return head === "raced" ? head : { ...snapshot, head };
}

/** All pages are sealed anew with the newest state key, and the roots before it are noted. */
function renewDirectory(vault: Vault, directory: Directory): Directory {
  const { newest, all } = vault.keyring;
  const past = all
    .filter((keys) => keys !== newest)
    .map((keys) => [keys.epoch, bytesToHex(keys.root)] as const);
  return withFreshPages({ ...directory, past });
}

async function readBack(vault: Vault, body: HeadBody): Promise<void> {
  const reader = new PackReader(vault.store);
  const keys = vault.keyring.epoch(body.epoch);
  await readObject(vault.primitives, reader, stateSpec(vault, "root", body.epoch), body.root);
  await readDirectory(vault.primitives, reader, { vaultId: vault.id, keys }, body.directory);
}

/** So many numbers may be taken by what is no head of this vault's. */
const MOST_TAKEN = 100;

/**
 * Puts the head. Where its number is taken: by the very same bytes, it went through before; by no head of ours,
 * the next number is tried; by another device's head, the race is lost.
 */
async function putHead(
  vault: Vault,
  parents: readonly Head[],
  { body, keyPacks }: { readonly body: HeadBody; readonly keyPacks: readonly string[] },
): Promise<Head | "raced"> {
  const { primitives, store, id: vaultId, keyring, device } = vault;
  if (device === undefined) throw new KeepsakeError("vault.revoked-device");
  const least = Math.max(0, ...parents.map((parent) => parent.number)) + 1;
  for (let number = least; number < least + MOST_TAKEN; number++) {
    const draft = { number, writer: device.writer, parents: parents.map((parent) => parent.hash), body };
    const file = await encodeHead(primitives, { vaultId, keyring, signingSeed: device.signingSeed }, draft);
    const outcome = await store.put(`heads/${numberName(number)}`, file, { keyPacks });
    const there = await store.get(`heads/${numberName(number)}`);
    const hash = bytesToHex(primitives.sha256(file));
    if (there !== undefined && bytesToHex(primitives.sha256(there)) === hash)
      return { ...draft, ...body, hash };
    if (outcome === "stored")
      throw new KeepsakeError("store.unavailable", { retry: "later", details: { what: "head" } });
    if ((await readHead(vault, number)) !== undefined) return "raced";
  }
  throw new KeepsakeError("store.unavailable", { retry: "later", details: { what: "head" } });
}
