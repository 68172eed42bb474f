import { compress as zstdCompress, init as initZstd } from "@bokuweb/zstd-wasm";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { argon2id as hashWasmArgon2id, createSHA256, type IHasher } from "hash-wasm";
import {
  bytesToHex,
  concatBytes,
  textToBytes,
  type Bytes,
  type GcmPlain,
  type Primitives,
  type Sha256Stream,
} from "../../base/index.ts";
import { ed25519, xWing } from "./keys.ts";
import { decompress } from "./zstd.ts";

/** WASM SHA-256 pays off from here on; below, the call into it costs more than JavaScript takes. */
const WASM_FROM_BYTES = 512;
const TAG_BYTES = 16;

/** Once only: a second start answers before the module's memory is there. */
let zstdReady: Promise<void> | undefined;

/** The primitives of a browser: WebCrypto for sealing, WASM for zstd, Argon2 and hashing. */
export async function browserPrimitives(): Promise<Primitives> {
  await (zstdReady ??= initZstd());
  const hasher = await createSHA256();
  const sha256 = (...chunks: readonly Uint8Array[]): Bytes => bulkSha256(hasher, chunks);
  return {
    random: (length) => fillRandom(new Uint8Array(length)),
    sha256,
    sha256Long: async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
    sha256Into: (bytes, target) => target.set(sha256(bytes)),
    sha256Text: (text) => bytesToHex(sha256(textToBytes(text))),
    sha256Stream: nobleStream,
    hmacSha256(key, ...chunks) {
      const state = hmac.create(nobleSha256, key);
      for (const chunk of chunks) state.update(chunk);
      return new Uint8Array(state.digest());
    },
    sealGcm,
    openGcm,
    keystream,
    compress: (plain, level) => new Uint8Array(zstdCompress(plain, level)),
    decompress,
    ed25519,
    xWing,
    async argon2id(password, salt, { memoryKiB, passes, lanes }) {
      const options = {
        password,
        salt,
        parallelism: lanes,
        iterations: passes,
        memorySize: memoryKiB,
        hashLength: 32,
      };
      return new Uint8Array(await hashWasmArgon2id({ ...options, outputType: "binary" }));
    },
  };
}

function fillRandom(bytes: Bytes): Bytes {
  const most = 65536;
  for (let start = 0; start < bytes.length; start += most)
    crypto.getRandomValues(bytes.subarray(start, start + most));
  return bytes;
}

function bulkSha256(hasher: IHasher, chunks: readonly Uint8Array[]): Bytes {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (length >= WASM_FROM_BYTES) {
    hasher.init();
    for (const chunk of chunks) hasher.update(chunk);
    return new Uint8Array(hasher.digest("binary"));
  }
  return chunks.reduce<Sha256Stream>((stream, chunk) => stream.update(chunk), nobleStream()).digest();
}

function nobleStream(): Sha256Stream {
  const state = nobleSha256.create();
  const stream: Sha256Stream = {
    update(bytes) {
      state.update(bytes);
      return stream;
    },
    digest: () => new Uint8Array(state.digest()),
  };
  return stream;
}

async function sealGcm(
  key: Bytes,
  nonce: Bytes,
  { pieces, aad }: GcmPlain,
  target: Uint8Array,
): Promise<void> {
  const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const options = { name: "AES-GCM", iv: nonce, additionalData: aad };
  const plain = pieces.length === 1 ? pieces[0]! : concatBytes(...pieces);
  target.set(new Uint8Array(await crypto.subtle.encrypt(options, handle, plain)));
}

async function openGcm(key: Bytes, nonce: Bytes, sealed: Bytes, aad: Bytes): Promise<Bytes | undefined> {
  if (sealed.length < TAG_BYTES) return undefined;
  const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    const options = { name: "AES-GCM", iv: nonce, additionalData: aad };
    return new Uint8Array(await crypto.subtle.decrypt(options, handle, sealed));
  } catch {
    return undefined;
  }
}

async function keystream(key: Bytes, block: number, length: number): Promise<Bytes> {
  const counter = new Uint8Array(16);
  new DataView(counter.buffer).setBigUint64(8, BigInt(block));
  const handle = await crypto.subtle.importKey("raw", key, "AES-CTR", false, ["encrypt"]);
  const options = { name: "AES-CTR", counter, length: 64 };
  return new Uint8Array(await crypto.subtle.encrypt(options, handle, new Uint8Array(length)));
}
