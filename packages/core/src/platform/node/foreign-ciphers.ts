import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { Bytes, ForeignCiphers } from "../../base/index.ts";

const KEY_BYTES = 32;
/** The check value of RFC 3394. */
const CHECK = new Uint8Array(8).fill(0xa6);

/** By Node's OpenSSL. */
export const nodeCiphers: ForeignCiphers = {
  async pbkdf2(hash, password, salt, rounds) {
    return owned(await promisify(pbkdf2)(password, salt, rounds, KEY_BYTES, hash));
  },
  // oxlint-disable-next-line typescript/require-await -- browsers need a promise
  async unwrapKey(key, wrapped) {
    try {
      const decipher = createDecipheriv("id-aes256-wrap", key, CHECK);
      return owned(Buffer.concat([decipher.update(wrapped), decipher.final()]));
    } catch {
      return undefined;
    }
  },
  // oxlint-disable-next-line typescript/require-await -- browsers need a promise
  async decryptCbc(key, iv, sealed) {
    const decipher = createDecipheriv("aes-256-cbc", key, iv).setAutoPadding(false);
    const plain = decipher.update(sealed);
    decipher.final();
    return owned(plain);
  },
};

/** Small buffers share memory with others. */
function owned(buffer: Buffer): Bytes {
  return new Uint8Array(buffer);
}
