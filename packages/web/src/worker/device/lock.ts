import { concatBytes, KeepsakeError, textToBytes, type Bytes, type Primitives } from "@keepsake/core/base";
import { passwordParameters } from "@keepsake/core/vault";

/** Secrets as they lie in the browser: under the password, and under a key that cannot be taken out of it. */
export interface Locked {
  readonly salt: Bytes;
  readonly kdf: { readonly memoryKiB: number; readonly passes: number; readonly lanes: number };
  readonly key: CryptoKey;
  readonly sealed: Bytes;
}

const SALT_BYTES = 16;
const NONCE_BYTES = 12;

/** Locks secrets under a password. Who copies the browser's files has to guess it, at Argon2id's cost a guess. */
export async function locked(primitives: Primitives, password: string, plain: Bytes): Promise<Locked> {
  const salt = primitives.random(SALT_BYTES);
  const kdf = passwordParameters;
  const inner = await sealed(await passwordKey(primitives, password, { salt, kdf }), plain);
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  return { salt, kdf, key, sealed: await sealed(key, inner) };
}

/** Throws `vault.wrong-key`. */
export async function unlocked(primitives: Primitives, password: string, lock: Locked): Promise<Bytes> {
  try {
    const inner = await opened(lock.key, lock.sealed);
    return await opened(await passwordKey(primitives, password, lock), inner);
  } catch (cause) {
    throw new KeepsakeError("vault.wrong-key", { cause });
  }
}

async function passwordKey(
  primitives: Primitives,
  password: string,
  { salt, kdf }: Pick<Locked, "salt" | "kdf">,
): Promise<CryptoKey> {
  const bytes = await primitives.argon2id(textToBytes(password.normalize("NFKC")), salt, kdf);
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function sealed(key: CryptoKey, plain: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  return concatBytes(iv, new Uint8Array(body));
}

async function opened(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  const iv = bytes.slice(0, NONCE_BYTES);
  const body = bytes.slice(NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, body));
}
