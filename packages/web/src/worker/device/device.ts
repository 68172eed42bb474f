import {
  bytesToHex,
  bytesToText,
  hexToBytes,
  textToBytes,
  type Bytes,
  type Primitives,
} from "@keepsake/core/base";
import type { Membership, ReceiptAnchor } from "@keepsake/core/client";
import type { Anchor, DeviceKey } from "@keepsake/core/vault";
import { forgetKept, readKept, writeKept } from "./kept.ts";
import { locked, unlocked, type Locked } from "./lock.ts";

/** What this browser keeps of a member: nothing in it opens anything without the password. */
export interface KeptDevice {
  readonly name: string;
  readonly member: string;
  readonly session: string;
  readonly fullFromMs: number;
  readonly receiptKey: string;
  readonly isDirect: boolean;
  /** The vault on the server; absent until there is one. */
  readonly serverVault?: string;
  readonly anchor?: Anchor;
  readonly receipt?: ReceiptAnchor;
  /** When the recovery words were typed back last. */
  readonly wordsCheckedMs?: number;
  /** When a sample was restored for trial, and came out as it went in. */
  readonly rehearsedMs?: number;
  /** When a second copy was made from this browser. */
  readonly copiedMs?: number;
  readonly lock: Locked;
}

/** What is under the lock. */
export interface Secrets {
  readonly token: string;
  readonly deviceSeed: Bytes;
  /** Absent until this browser is a device of the vault. */
  readonly deviceKey?: DeviceKey;
}

const NAME = "device";

export function readDevice(): Promise<KeptDevice | undefined> {
  return readKept<KeptDevice>(NAME);
}

export function writeDevice(device: KeptDevice): Promise<void> {
  return writeKept(NAME, device);
}

export function forgetDevice(): Promise<void> {
  return forgetKept(NAME);
}

/** The secrets of a new session, which has no vault yet. */
export function secretsOf({ token, deviceSeed }: Membership): Secrets {
  return { token, deviceSeed };
}

export function lockSecrets(primitives: Primitives, password: string, secrets: Secrets): Promise<Locked> {
  const { token, deviceSeed, deviceKey } = secrets;
  const json = {
    token,
    deviceSeed: bytesToHex(deviceSeed),
    ...(deviceKey && { vaultSeed: bytesToHex(deviceKey.seed), authority: deviceKey.authority }),
  };
  return locked(primitives, password, textToBytes(JSON.stringify(json)));
}

/** Throws `vault.wrong-key`. */
export async function unlockSecrets(
  primitives: Primitives,
  password: string,
  { lock }: KeptDevice,
): Promise<Secrets> {
  const json = JSON.parse(bytesToText(await unlocked(primitives, password, lock))) as Record<string, string>;
  const { token, deviceSeed, vaultSeed, authority } = json;
  const secrets = { token: token!, deviceSeed: hexToBytes(deviceSeed!)! };
  if (vaultSeed === undefined || authority === undefined) return secrets;
  return { ...secrets, deviceKey: { seed: hexToBytes(vaultSeed)!, authority } };
}
