import { hexToBytes, type Argon2Parameters } from "../../base/index.ts";

const slotKinds = ["words", "password", "device", "guarded", "family", "passkey"] as const;
export type SlotKind = (typeof slotKinds)[number];

/** A guard that holds a half of the key of a guarded password. All bytes are hex. */
export interface SlotGuard {
  /** Where it answers; empty for the server that the vault lies on. */
  readonly url: string;
  /** Its record of this slot. */
  readonly record: string;
  /** The public key that its answers are checked against: a point of ristretto255. */
  readonly key: string;
}

/** One way to open the vault's root key. All bytes are hex. */
export interface Slot {
  readonly id: string;
  readonly kind: SlotKind;
  readonly publicKey: string;
  /** The slot's word for the authority. */
  readonly vouch: string;
  /** The root (and, for all but devices and passkeys, the authority) sealed to the public key. */
  readonly box: string;
  /** Of passwords, guarded or not. */
  readonly kdf?: Argon2Parameters & { readonly salt: string };
  /** Of guarded passwords: the two guards, in the order in which their answers are put together. */
  readonly guards?: readonly SlotGuard[];
  /** Of family slots: the server's name of the sharing, and how long a release takes. */
  readonly family?: { readonly share: string; readonly waitDays: number };
  /** Of passkeys: which one, and what it is asked for. */
  readonly passkey?: { readonly credential: string; readonly salt: string };
}

/** Whether the boxes of a kind hold the authority: a stolen thing alone must not be able to change who opens. */
export function holdsAuthority(kind: SlotKind): boolean {
  return kind !== "device" && kind !== "passkey";
}

const knownFields = {
  slot: ["id", "kind", "publicKey", "vouch", "box", "kdf", "guards", "family", "passkey"],
  kdf: ["memoryKiB", "passes", "lanes", "salt"],
  guard: ["url", "record", "key"],
  family: ["share", "waitDays"],
  passkey: ["credential", "salt"],
};

/** Whether we know every field of a slot, so that the next document, which we write, loses nothing. */
export function isKnownSlot(slot: Slot): boolean {
  const { kdf = {}, guards = [], family = {}, passkey = {} } = slot;
  return (
    isKnown(slot, knownFields.slot) &&
    slotKinds.includes(slot.kind) &&
    isKnown(kdf, knownFields.kdf) &&
    guards.every((guard) => isKnown(guard, knownFields.guard)) &&
    isKnown(family, knownFields.family) &&
    isKnown(passkey, knownFields.passkey)
  );
}

/** Whether an object has no fields but these. */
export function isKnown(value: object, fields: readonly string[]): boolean {
  return Object.keys(value).every((field) => fields.includes(field));
}

/** Whether a value is a slot with all that its kind needs; one of a kind that we do not know may hold anything more. */
export function isSlot(slot: Slot | null): boolean {
  if (typeof slot !== "object" || slot === null || typeof slot.kind !== "string") return false;
  const hasAllFields = needs[slot.kind] ?? (() => true);
  return (
    isHex(slot.id, 8) &&
    [slot.publicKey, slot.vouch, slot.box].every((hex) => isHex(hex)) &&
    hasAllFields(slot)
  );
}

const needs: Readonly<Partial<Record<string, (slot: Slot) => boolean>>> = {
  password: hasSalt,
  guarded: (slot) =>
    hasSalt(slot) && Array.isArray(slot.guards) && slot.guards.length === 2 && slot.guards.every(isGuard),
  family: ({ family }) =>
    typeof family === "object" &&
    family !== null &&
    isHex(family.share, 16) &&
    Number.isSafeInteger(family.waitDays),
  passkey: ({ passkey }) =>
    typeof passkey === "object" && passkey !== null && isHex(passkey.credential) && isHex(passkey.salt, 32),
};

function hasSalt(slot: Slot): boolean {
  return isHex(slot.kdf?.salt);
}

function isGuard(guard: SlotGuard | null): boolean {
  if (typeof guard !== "object" || guard === null) return false;
  return typeof guard.url === "string" && isHex(guard.record, 16) && isHex(guard.key, 32);
}

/** Whether a value is bytes in hex, and so many of them. */
export function isHex(value: unknown, bytes?: number): boolean {
  return (
    typeof value === "string" &&
    (bytes === undefined || value.length === 2 * bytes) &&
    hexToBytes(value) !== undefined
  );
}
