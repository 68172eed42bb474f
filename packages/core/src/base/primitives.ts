import type { Bytes } from "./bytes.ts";

/** A SHA-256 that takes its input in pieces. */
export interface Sha256Stream {
  update(bytes: Uint8Array): Sha256Stream;
  digest(): Bytes;
}

export interface Argon2Parameters {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** A plaintext in pieces that lie one after the other, and what is authenticated with it. */
export interface GcmPlain {
  readonly pieces: readonly Bytes[];
  readonly aad: Bytes;
}

/** Signatures of RFC 8032; a private key is its 32-byte seed. */
export interface Ed25519 {
  publicKey(seed: Bytes): Promise<Bytes>;
  sign(message: Uint8Array, seed: Bytes): Promise<Bytes>;
  /** Never throws: what is no signature or no key is false. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean>;
}

/** ML-KEM-768 with X25519: the receiving side. A private key is its 32-byte seed. */
export interface XWing {
  publicKey(seed: Bytes): Promise<Bytes>;
  /** Throws where the ciphertext is none. */
  sharedSecret(seed: Bytes, cipherText: Bytes): Promise<Bytes>;
}

/** A frame of zstd, and how many bytes it holds. */
export interface ZstdFrame {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/**
 * What the platform gives to portable code: randomness, hashing, sealing, compression.
 * Node and browsers each have one implementation, held to the same suite of tests.
 */
export interface Primitives {
  random(length: number): Bytes;
  sha256(...chunks: readonly Uint8Array[]): Bytes;
  /** The same of one chunk that may be long: where something else can hash it meanwhile, it does. */
  sha256Long(bytes: Bytes): Promise<Bytes>;
  /** The SHA-256 of bytes, into the 32 bytes of `target`: quicker for many small ones. */
  sha256Into(bytes: Uint8Array, target: Uint8Array): void;
  /** The SHA-256 of a text's UTF-8 bytes, in hex. The text must be well-formed. */
  sha256Text(text: string): string;
  sha256Stream(): Sha256Stream;
  hmacSha256(key: Uint8Array, ...chunks: readonly Uint8Array[]): Bytes;
  /** AES-256-GCM with a 12-byte nonce: ciphertext, then the 16-byte tag, into `target`, which has exactly that length. */
  sealGcm(key: Bytes, nonce: Bytes, plain: GcmPlain, target: Uint8Array): Promise<void>;
  /** The plaintext, or undefined if the tag does not fit. */
  openGcm(key: Bytes, nonce: Bytes, sealed: Bytes, aad: Bytes): Promise<Bytes | undefined>;
  /** AES-256-CTR keystream: `length` bytes from 16-byte block number `block` on. */
  keystream(key: Bytes, block: number, length: number): Promise<Bytes>;
  /** One zstd frame that carries its content size. */
  compress(plain: Uint8Array, level: number): Bytes;
  /** What zstd frames hold, one after the other. Throws `vault.corrupt` where one has another size; never allocates more. */
  decompress(frames: readonly ZstdFrame[]): Bytes;
  readonly ed25519: Ed25519;
  readonly xWing: XWing;
  argon2id(password: Bytes, salt: Bytes, parameters: Argon2Parameters): Promise<Bytes>;
}

/** What it takes to open files that other programs protected with their owner's password. The vault uses none of it. */
export interface ForeignCiphers {
  /** 32 bytes of PBKDF2 with HMAC. */
  pbkdf2(hash: "sha1" | "sha256", password: Bytes, salt: Bytes, rounds: number): Promise<Bytes>;
  /** RFC 3394 with a key of 256 bits; undefined where its check value says that the key is another. */
  unwrapKey(key: Bytes, wrapped: Bytes): Promise<Bytes | undefined>;
  /** AES-256-CBC of whole blocks, padding left as it is. */
  decryptCbc(key: Bytes, iv: Bytes, sealed: Bytes): Promise<Bytes>;
}
