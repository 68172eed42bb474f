import { concatBytes, type Bytes, type ForeignCiphers } from "../../base/index.ts";

const KEY_BITS = 256;
const BLOCK_BYTES = 16;
const { subtle } = crypto;

/** By WebCrypto. */
export const browserCiphers: ForeignCiphers = {
  async pbkdf2(hash, password, salt, rounds) {
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const name = hash === "sha1" ? "SHA-1" : "SHA-256";
    return new Uint8Array(
      await subtle.deriveBits({ name: "PBKDF2", hash: name, salt, iterations: rounds }, key, KEY_BITS),
    );
  },
  async unwrapKey(key, wrapped) {
    const wrapping = await subtle.importKey("raw", key, "AES-KW", false, ["unwrapKey"]);
    // What comes out is no key to WebCrypto: as one for HMAC it may have any length.
    const kind = { name: "HMAC", hash: "SHA-256" };
    try {
      const opened = await subtle.unwrapKey("raw", wrapped, wrapping, "AES-KW", kind, true, ["sign"]);
      return new Uint8Array(await subtle.exportKey("raw", opened));
    } catch {
      return undefined;
    }
  },
  async decryptCbc(key, iv, sealed) {
    const aes = await subtle.importKey("raw", key, "AES-CBC", false, ["encrypt", "decrypt"]);
    // WebCrypto takes padding away, so a block of padding is put after the last one first.
    const last = sealed.length === 0 ? iv : sealed.slice(-BLOCK_BYTES);
    const padding = await subtle.encrypt({ name: "AES-CBC", iv: last }, aes, new Uint8Array(0));
    const padded: Bytes = concatBytes(sealed, new Uint8Array(padding));
    return new Uint8Array(await subtle.decrypt({ name: "AES-CBC", iv }, aes, padded));
  },
};
