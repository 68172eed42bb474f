import { KeepsakeError, type Bytes } from "@keepsake/core/base";
import type { Store } from "@keepsake/core/store";
import { folderKind } from "./folder.ts";
import type { Opening, Purpose, StoreHealth, StoreKind } from "./kind.ts";

/** Kinds of store by how their addresses begin; every other address is a folder's. */
const kinds: readonly { readonly begins: RegExp; readonly load: () => Promise<StoreKind> }[] = [
  { begins: /^https?:\/\//i, load: async () => (await import("./server.ts")).serverKind },
  { begins: /^s3:\/\//i, load: async () => (await import("./bucket.ts")).bucketKind },
];

async function kindOf(address: string): Promise<StoreKind> {
  const kind = kinds.find(({ begins }) => begins.test(address));
  // On no system is such a thing a folder that somebody meant.
  if (kind === undefined && isAddress(address))
    throw new KeepsakeError("store.bad-address", { details: { what: "kind" } });
  return kind === undefined ? folderKind : kind.load();
}

/** Whether a place is somewhere on the network, and no folder of this machine. */
export function isAddress(place: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(place);
}

/** Whether a place is a vault on a server. */
export function isServer(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** Whether all of these places lie on Keepsake servers: no copy among them opens by the words alone. */
export function areServers(places: readonly string[]): boolean {
  return places.length > 0 && places.every((place) => isServer(place));
}

/** The one way in which a store's address is written down. Throws `store.bad-address`. */
export async function placeOf(address: string): Promise<string> {
  return (await kindOf(address)).placeOf(address);
}

/** Where a new vault goes that is to be made at a place. */
export async function newPlace(opening: Opening, place: string): Promise<string> {
  return (await kindOf(place)).newPlace?.(opening, place) ?? place;
}

/** The store at a place, of whatever kind it is; made ready where it is to hold a new vault or a copy of one. */
export async function openStore(opening: Opening, place: string, purpose: Purpose = "use"): Promise<Store> {
  return (await kindOf(place)).open(opening, place, purpose);
}

/** Whether a copy of a vault can be looked at now. */
export async function isReachable(place: string): Promise<boolean> {
  return (await kindOf(place)).isReachable(place);
}

/** Writes so many bytes to a store's place and takes them away: for finding out how long that takes. */
export async function writeTrial(opening: Opening, place: string, bytes: Bytes): Promise<void> {
  await (await kindOf(place)).writeTrial(opening, place, bytes);
}

/** Tries a store out. */
export async function lookAtStore(opening: Opening, place: string): Promise<StoreHealth> {
  return (await kindOf(place)).look(opening, place);
}
