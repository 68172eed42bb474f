import { concatBytes, KeepsakeError, textToBytes, type Bytes, type Primitives } from "@keepsake/core/base";
import { passwordParameters } from "@keepsake/core/vault";

/*
 * Secrets lie under a key of their own, that key under whatever unlocks this browser (a password, passkeys), and all of
 * it once more under a key that cannot be taken out of the browser.
 */

/** Secrets as they lie in the browser. */
export interface Locked {
  readonly key: CryptoKey;
  readonly sealed: Bytes;
  /** Absent where only a passkey unlocks. */
  readonly byPassword?: {
    readonly salt: Bytes;
    readonly kdf: { readonly memoryKiB: number; readonly passes: number; readonly lanes: number };
    readonly wrapped: Bytes;
  };
  readonly byPasskeys: readonly { readonly id: string; readonly wrapped: Bytes }[];
}

/** A passkey, and what it derives for us. */
export interface PasskeySecret {
  readonly id: string;
  readonly secret: Bytes;
}

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;

/** A lock that nothing opens yet, around no secrets, and the key that they are to lie under. */
export async function newLock(primitives: Primitives): Promise<{ lock: Locked; inner: Bytes }> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  return {
    lock: { key, sealed: new Uint8Array(0), byPasskeys: [] },
    inner: primitives.random(KEY_BYTES),
  };
}

/** The lock around other secrets. */
export async function locked(lock: Locked, inner: Bytes, plain: Bytes): Promise<Locked> {
  return { ...lock, sealed: await sealedTwice(lock.key, await imported(inner), plain) };
}

/** What lies in a lock. Throws `vault.wrong-key`. */
export async function unlocked(lock: Locked, inner: Bytes): Promise<Bytes> {
  return openedTwice(lock.key, await imported(inner), lock.sealed);
}

/** The lock, opened by a password from now on, in place of any before. Who copies the files guesses at Argon2id's cost. */
export async function withPassword(
  primitives: Primitives,
  lock: Locked,
  { inner, password }: { readonly inner: Bytes; readonly password: string },
): Promise<Locked> {
  const salt = primitives.random(SALT_BYTES);
  const kdf = passwordParameters;
  const outer = await passwordKey(primitives, password, { salt, kdf });
  return { ...lock, byPassword: { salt, kdf, wrapped: await sealedTwice(lock.key, outer, inner) } };
}

/** The key that the secrets lie under. Throws `vault.wrong-key`. */
export async function innerByPassword(
  primitives: Primitives,
  { key, byPassword }: Locked,
  password: string,
): Promise<Bytes> {
  if (byPassword === undefined) throw new KeepsakeError("vault.wrong-key");
  return openedTwice(key, await passwordKey(primitives, password, byPassword), byPassword.wrapped);
}

/** The lock, opened by a passkey too. */
export async function withPasskey(
  primitives: Primitives,
  lock: Locked,
  { inner, passkey }: { readonly inner: Bytes; readonly passkey: PasskeySecret },
): Promise<Locked> {
  const wrapped = await sealedTwice(lock.key, await passkeyKey(primitives, passkey), inner);
  const { byPasskeys } = withoutPasskey(lock, passkey.id);
  return { ...lock, byPasskeys: [...byPasskeys, { id: passkey.id, wrapped }] };
}

export function withoutPasskey(lock: Locked, id: string): Locked {
  return { ...lock, byPasskeys: lock.byPasskeys.filter((each) => each.id !== id) };
}

/** The key that the secrets lie under. Throws `vault.wrong-key`. */
export async function innerByPasskey(
  primitives: Primitives,
  { key, byPasskeys }: Locked,
  passkey: PasskeySecret,
): Promise<Bytes> {
  const found = byPasskeys.find(({ id }) => id === passkey.id);
  if (found === undefined) throw new KeepsakeError("vault.wrong-key");
  return openedTwice(key, await passkeyKey(primitives, passkey), found.wrapped);
}

async function passwordKey(
  primitives: Primitives,
  password: string,
  { salt, kdf }: Pick<NonNullable<Locked["byPassword"]>, "salt" | "kdf">,
): Promise<CryptoKey> {
  return imported(await primitives.argon2id(textToBytes(password.normalize("NFKC")), salt, kdf));
}

/** What a passkey derives opens the vault as well: the lock takes another key from it. */
function passkeyKey(primitives: Primitives, { secret }: PasskeySecret): Promise<CryptoKey> {
  return imported(primitives.hmacSha256(secret, textToBytes("keepsake/1/browser-lock")));
}

function imported(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function sealedTwice(outer: CryptoKey, inner: CryptoKey, plain: Bytes): Promise<Bytes> {
  return sealed(outer, await sealed(inner, plain));
}

async function openedTwice(outer: CryptoKey, inner: CryptoKey, bytes: Bytes): Promise<Bytes> {
  try {
    return await opened(inner, await opened(outer, bytes));
  } catch (cause) {
    throw new KeepsakeError("vault.wrong-key", { cause });
  }
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
