import { concatBytes, textToBytes, type Bytes } from "../../../base/index.ts";
import { BLOCK_BYTES } from "./blocks.ts";

const [NONCE_BYTES, TAG_BYTES] = [12, 16];
export const SEALED_BLOCK_BYTES: number = NONCE_BYTES + BLOCK_BYTES + TAG_BYTES;

/** Where a block belongs: it opens nowhere else. */
interface Place {
  readonly object: string;
  readonly block: number;
}

/** A block under the cache's own key. */
export async function sealBlock(key: CryptoKey, place: Place, block: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: bound(place) },
    key,
    block,
  );
  return concatBytes(iv, new Uint8Array(sealed));
}

/** The block; undefined where it is damaged, cut off, of another place or of another key. */
export async function openBlock(key: CryptoKey, place: Place, sealed: Bytes): Promise<Bytes | undefined> {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const iv = sealed.subarray(0, NONCE_BYTES);
  try {
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: bound(place) },
      key,
      sealed.subarray(NONCE_BYTES),
    );
    return new Uint8Array(opened);
  } catch {
    return undefined;
  }
}

function bound({ object, block }: Place): Bytes {
  return textToBytes(`keepsake/1/cached-block\0${object}\0${block}`);
}
