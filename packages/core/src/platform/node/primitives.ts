import {
  argon2,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hash,
  randomBytes,
  type CipherGCM,
} from "node:crypto";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import {
  concatBytes,
  KeepsakeError,
  release,
  type Argon2Parameters,
  type Bytes,
  type GcmPlain,
  type Primitives,
  type Sha256Stream,
  type ZstdFrame,
} from "../../base/index.ts";
import { ed25519, xWing } from "./keys.ts";

const TAG_BYTES = 16;
const HASH_BYTES = 32;
/** A longer chunk is not copied to be hashed. */
const LONG_BYTES = 16 * 1024;

const CAREFUL_LEVEL = 6;

/** The primitives of Node: its own OpenSSL, zstd and Argon2; nothing to install. */
export const nodePrimitives: Primitives = {
  random: (length) => owned(randomBytes(length)),
  sha256,
  sha256Long: (bytes) => Promise.resolve(sha256(bytes)),
  sha256Into,
  sha256Text: (text) => hash("sha256", text, "hex"),
  sha256Stream,
  hmacSha256,
  sealGcm,
  openGcm,
  keystream,
  compress,
  decompress,
  ed25519,
  xWing,
  argon2id,
};

/** A view of exactly these bytes, as plain Uint8Array: Node's Buffers may share one pool. */
function owned(buffer: Buffer): Bytes {
  return buffer.buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
    : new Uint8Array(buffer);
}

function sha256(...chunks: readonly Uint8Array[]): Bytes {
  if (chunks.length === 1) return owned(hash("sha256", chunks[0]!, "buffer"));
  return chunks.reduce<Sha256Stream>((stream, chunk) => stream.update(chunk), sha256Stream()).digest();
}

const BLOCK_BYTES = 64;

/** RFC 2104 by two one-shot hashes: Node's HMAC objects take four times as long for short messages. */
function hmacSha256(key: Uint8Array, ...chunks: readonly Uint8Array[]): Bytes {
  if (chunks.some((chunk) => chunk.length > LONG_BYTES)) {
    const hmac = createHmac("sha256", key);
    for (const chunk of chunks) hmac.update(chunk);
    return owned(hmac.digest());
  }
  const shortKey = key.length > BLOCK_BYTES ? sha256(key) : key;
  const [inner, outer] = [0x36, 0x5c].map((pad) => {
    const block = new Uint8Array(BLOCK_BYTES).fill(pad);
    for (let i = 0; i < shortKey.length; i++) block[i] = pad ^ shortKey[i]!;
    return block;
  }) as [Bytes, Bytes];
  return sha256Once(concatBytes(outer, sha256Once(concatBytes(inner, ...chunks))));
}

function sha256Once(bytes: Uint8Array): Bytes {
  const digest = new Uint8Array(HASH_BYTES);
  sha256Into(bytes, digest);
  return digest;
}

/** Through a text of one letter a byte: an allocation less. */
function sha256Into(bytes: Uint8Array, target: Uint8Array): void {
  const digest = hash("sha256", bytes, "binary");
  for (let i = 0; i < digest.length; i++) target[i] = digest.charCodeAt(i);
}

function sha256Stream(): Sha256Stream {
  const state = createHash("sha256");
  const stream: Sha256Stream = {
    update(bytes) {
      state.update(bytes);
      return stream;
    },
    digest: () => owned(state.digest()),
  };
  return stream;
}

/** Keys are wrapped by `createSecretKey`: Node takes four times as long over a key that comes as bytes. */
async function sealGcm(
  key: Bytes,
  nonce: Bytes,
  { pieces, aad }: GcmPlain,
  target: Uint8Array,
): Promise<void> {
  const cipher: CipherGCM = createCipheriv("aes-256-gcm", createSecretKey(key), nonce);
  cipher.setAAD(aad);
  let filled = 0;
  for (const piece of pieces) {
    const sealed = owned(cipher.update(piece));
    target.set(sealed, filled);
    filled += sealed.length;
    release(sealed);
  }
  cipher.final();
  target.set(cipher.getAuthTag(), filled);
}

async function openGcm(key: Bytes, nonce: Bytes, sealed: Bytes, aad: Bytes): Promise<Bytes | undefined> {
  if (sealed.length < TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv("aes-256-gcm", createSecretKey(key), nonce, options);
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return owned(plain);
}

async function keystream(key: Bytes, block: number, length: number): Promise<Bytes> {
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt(block), 8);
  return owned(createCipheriv("aes-256-ctr", createSecretKey(key), counter).update(new Uint8Array(length)));
}

/**
 * What is compressed with some care is text, at most some megabytes: matches as short as one Chinese character help
 * there and cost nothing; larger tables than these cost memory and help little.
 */
function compress(plain: Uint8Array, level: number): Bytes {
  const { ZSTD_c_compressionLevel, ZSTD_c_minMatch, ZSTD_c_hashLog, ZSTD_c_chainLog } = constants;
  const careful = { [ZSTD_c_minMatch]: 3, [ZSTD_c_hashLog]: 18, [ZSTD_c_chainLog]: 18 };
  const params = { [ZSTD_c_compressionLevel]: level, ...(level >= CAREFUL_LEVEL ? careful : {}) };
  return owned(zstdCompressSync(plain, { params }));
}

/**
 * So that all of it comes in one piece, in memory of its own: Node takes small ones from a pool that all share, and asks
 * for another piece where one is full.
 */
function roomFor(size: number): number {
  return Math.max(size + 1, 16 * 1024);
}

/** In memory of its own, which can be released: Node may give a small content out of what all share. */
function decompress(frames: readonly ZstdFrame[]): Bytes {
  if (frames.length === 1) return new Uint8Array(decompressOne(frames[0]!));
  const plain = new Uint8Array(frames.reduce((sum, { size }) => sum + size, 0));
  let filled = 0;
  for (const frame of frames) {
    plain.set(decompressOne(frame), filled);
    filled += frame.size;
  }
  return plain;
}

function decompressOne({ bytes, size }: ZstdFrame): Bytes {
  let plain: Buffer;
  try {
    plain = zstdDecompressSync(bytes, { maxOutputLength: Math.max(size, 1), chunkSize: roomFor(size) });
  } catch (cause) {
    throw new KeepsakeError("vault.corrupt", { cause, details: { what: "zstd" } });
  }
  if (plain.length !== size) throw new KeepsakeError("vault.corrupt", { details: { what: "zstd-size" } });
  return owned(plain);
}

function argon2id(password: Bytes, salt: Bytes, parameters: Argon2Parameters): Promise<Bytes> {
  const { memoryKiB, passes, lanes } = parameters;
  const options = {
    message: password,
    nonce: salt,
    parallelism: lanes,
    tagLength: 32,
    memory: memoryKiB,
    passes,
  };
  return new Promise((resolve, reject) => {
    argon2("argon2id", options, (error, tag) => {
      if (error) reject(new KeepsakeError("base.unexpected", { cause: error }));
      else resolve(owned(tag));
    });
  });
}
