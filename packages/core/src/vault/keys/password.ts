import {
  KeepsakeError,
  textToBytes,
  type Argon2Parameters,
  type Bytes,
  type Primitives,
} from "../../base/index.ts";

/** What new password slots take. */
export const passwordParameters: Argon2Parameters = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };

const floor: Argon2Parameters = passwordParameters;
const ceiling: Argon2Parameters = { memoryKiB: 1024 * 1024, passes: 10, lanes: 4 };
const SHORTEST_CHARACTERS = 8;

/** The seed of a password slot. Throws `vault.unsafe-parameters` for parameters that are too weak or too costly. */
export async function passwordToSeed(
  primitives: Primitives,
  password: string,
  salt: Bytes,
  parameters: Argon2Parameters,
): Promise<Bytes> {
  return stretch(primitives, passwordBytes(password), salt, parameters);
}

/** A password as bytes, the same on every keyboard. */
export function passwordBytes(password: string): Bytes {
  return textToBytes(password.normalize("NFKC"));
}

/** Argon2id. Throws `vault.unsafe-parameters` as `passwordToSeed` does. */
export async function stretch(
  primitives: Primitives,
  secret: Bytes,
  salt: Bytes,
  parameters: Argon2Parameters,
): Promise<Bytes> {
  const { memoryKiB, passes, lanes } = parameters;
  const isSafe =
    isBetween(memoryKiB, floor.memoryKiB, ceiling.memoryKiB) &&
    isBetween(passes, floor.passes, ceiling.passes) &&
    isBetween(lanes, floor.lanes, ceiling.lanes) &&
    salt.length >= 16;
  if (!isSafe) throw new KeepsakeError("vault.unsafe-parameters", { details: { memoryKiB, passes, lanes } });
  return primitives.argon2id(secret, salt, parameters);
}

/** Throws `keys.weak-password` for a password that is easily guessed: too short, or of very few different characters. */
export function checkNewPassword(password: string): void {
  const characters = [...password.normalize("NFKC")];
  if (characters.length < SHORTEST_CHARACTERS || new Set(characters).size < 5) {
    throw new KeepsakeError("keys.weak-password", { details: { shortest: SHORTEST_CHARACTERS } });
  }
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
