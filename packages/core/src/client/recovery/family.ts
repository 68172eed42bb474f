import {
  bytesToHex,
  hexToBytes,
  KeepsakeError,
  textToBytes,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";
import {
  deriveKey,
  familySeed,
  openBox,
  putSlot,
  sealBox,
  seedToWords,
  type Vault,
  type WordLanguage,
} from "../../vault/index.ts";
import { base64ToBytes, bytesToBase64 } from "../base64.ts";
import type { Connection } from "../connection.ts";

const SCHEME = "keepsake-family:1";
const SHARE_BYTES = 32;

/**
 * On the helper's device: publishes the key to which shares are sealed for her, and gives the card that she hands to
 * who may want her help. The card says who she is and what her key is: no server can put another key in its place.
 */
export async function offerHelp(
  vault: Vault,
  connection: Connection,
  { member }: { readonly member: string },
): Promise<string> {
  const { primitives, keyring } = vault;
  const { epoch } = keyring.newest;
  const publicKey = await primitives.xWing.publicKey(helperSeed(vault, epoch));
  await connection.call("PUT /v1/family/key", { body: { publicKey: bytesToHex(publicKey), epoch } });
  return [SCHEME, member, bytesToBase64(keyDigest(primitives, publicKey, epoch))].join(" ");
}

/**
 * Makes a family slot with the card of a helper, in place of those before, whose shares are forgotten after; where the
 * server could not be told so, `isForgotten` is false. A rotation has to follow where an older one was given out. Throws `family.no-card`, `family.no-helper`, `keys.no-authority`.
 */
export async function setFamily(
  vault: Vault,
  connection: Connection,
  { card, waitDays }: { readonly card: string; readonly waitDays: number },
): Promise<{ readonly vault: Vault; readonly isForgotten: boolean }> {
  const { primitives, id: vaultId, authoritySeed } = vault;
  if (authoritySeed === undefined) throw new KeepsakeError("keys.no-authority");
  const { helper, digest } = readCard(card);
  const told = await connection.call("GET /v1/family/keys/{member}", { params: { member: helper } });
  const publicKey = hexToBytes(told.publicKey)!;
  if (bytesToBase64(keyDigest(primitives, publicKey, told.epoch)) !== digest)
    throw new KeepsakeError("family.no-card");
  const [held, delayed] = [primitives.random(SHARE_BYTES), primitives.random(SHARE_BYTES)];
  const share = bytesToHex(primitives.random(16));
  const sealed = await sealBox(primitives, publicKey, boxContext(vaultId, share), held);
  const box = [bytesToHex(vaultId), told.epoch, bytesToBase64(sealed)].join(".");
  const body = { share, helper, box, delayed: bytesToHex(delayed), waitDays };
  await connection.call("POST /v1/family", { body });
  const seed = familySeed(primitives, held, delayed, vaultId);
  const isFamily = ({ kind }: { readonly kind: string }): boolean => kind === "family";
  const changed = await putSlot(
    vault,
    { kind: "family", seed, of: { family: { share, waitDays } } },
    isFamily,
  );
  const named = vault.document.slots.flatMap(({ family }) => family?.share ?? []);
  const isForgotten = await forgetOthers(connection, { share, named }).then(
    (all) => all,
    () => false,
  );
  return { vault: changed, isForgotten };
}

/**
 * Forgets what the slots before named, and what no slot names: a try that did not come to its end left it. Where the
 * member has other vaults, that may be theirs.
 */
async function forgetOthers(
  connection: Connection,
  { share, named }: { readonly share: string; readonly named: readonly string[] },
): Promise<boolean> {
  const { vaults } = await connection.call("GET /v1/vaults");
  const { shares } = await connection.call("GET /v1/family");
  const others = shares.filter((each) => each.isOwn && each.share !== share);
  const old = others.filter((each) => vaults.length <= 1 || named.includes(each.share));
  const forgetting = old.map((each) => forgetFamily(connection, each.share));
  return (await Promise.allSettled(forgetting)).every(({ status }) => status === "fulfilled");
}

/** Has the server forget its share: the helper's opens nothing any more. One that is not there is no mistake. */
export async function forgetFamily(connection: Connection, share: string): Promise<void> {
  await connection.call("DELETE /v1/family/{share}", { params: { share } }).catch((error: unknown) => {
    if (!KeepsakeError.is(error, "family.unknown")) throw error;
  });
}

/**
 * On the helper's device, once the wait is over: the 24 words that open the other's vault, for her to tell.
 * `vault` is the helper's own. Throws `family.waiting`, `family.unknown`, `vault.corrupt`.
 */
export async function takeHelp(
  vault: Vault,
  connection: Connection,
  { share, language }: { readonly share: string; readonly language: WordLanguage },
): Promise<readonly string[]> {
  const { primitives } = vault;
  const { box, delayed } = await connection.call("POST /v1/family/{share}/release", { params: { share } });
  const [id = "", epoch = "", sealed = ""] = box.split(".");
  const [vaultId, bytes] = [hexToBytes(id), base64ToBytes(sealed)];
  if (vaultId?.length !== 16 || bytes === undefined)
    throw new KeepsakeError("vault.corrupt", { details: { what: "box" } });
  const held = await openBox(primitives, helperSeed(vault, Number(epoch)), boxContext(vaultId, share), bytes);
  return seedToWords(familySeed(primitives, held, hexToBytes(delayed)!, vaultId), language);
}

/** The seed of the helper's key: it hangs on her own vault, so that she has nothing more to keep. */
function helperSeed({ primitives, keyring, id }: Vault, epoch: number): Bytes {
  return deriveKey(primitives, keyring.epoch(epoch).root, "family/key", id);
}

function keyDigest(primitives: Primitives, publicKey: Bytes, epoch: number): Bytes {
  return primitives.sha256(textToBytes(`keepsake/1/family/key ${epoch} `), publicKey);
}

function boxContext(vaultId: Bytes, share: string) {
  return { type: "slot", vaultId, epoch: 0, id: hexToBytes(share)!.slice(0, 8) } as const;
}

function readCard(card: string): { readonly helper: string; readonly digest: string } {
  const [scheme, helper = "", digest = ""] = card.trim().split(/\s+/u);
  if (scheme !== SCHEME || !/^[0-9a-vz][0-9a-v]{25}$/.test(helper) || base64ToBytes(digest)?.length !== 32)
    throw new KeepsakeError("family.no-card");
  return { helper, digest };
}
